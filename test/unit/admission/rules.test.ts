import { expect, it } from '@jest/globals';
import { webhookRules } from '../../../src/admission/rules.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { admissionPolicies } from '../../support/fixtures.ts';

const ROLLOUTS = { group: 'argoproj.io', resource: 'rollouts' };
const rules = webhookRules(catalogue, [ROLLOUTS]);
const brings = (group: string, resource: string, operation: string): boolean =>
  rules.some(
    (rule) =>
      rule.apiGroups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.operations.some((name) => name === operation),
  );

it('bring every kind, subresource and operation of every policy', () => {
  for (const { meta } of admissionPolicies) {
    for (const { group, resource, subresources = [] } of meta.appliesTo.resources) {
      for (const operation of meta.appliesTo.operations) {
        expect([meta.id, resource, brings(group, resource, operation)]).toEqual([
          meta.id,
          resource,
          true,
        ]);
        for (const name of subresources) {
          expect(brings(group, `${resource}/${name}`, operation)).toBe(true);
        }
      }
    }
  }
  expect(brings('', 'pods/ephemeralcontainers', 'UPDATE')).toBe(true);
});

it('bring the custom resources that are named, and no wildcard', () => {
  expect(brings('argoproj.io', 'rollouts', 'CREATE')).toBe(true);
  expect(JSON.stringify(rules.map(({ resources }) => resources))).not.toContain('*');
  expect(rules.every(({ apiGroups }) => !apiGroups.includes('*'))).toBe(true);
  expect(brings('coordination.k8s.io', 'leases', 'UPDATE')).toBe(false);
});

it('never ask for DELETE, which always passes', () => {
  expect(rules.some(({ operations }) => operations.includes('DELETE'))).toBe(false);
});
