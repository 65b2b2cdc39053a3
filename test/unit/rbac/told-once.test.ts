import { describe, expect, it } from '@jest/globals';
import type { Exception } from '../../../src/engine/exceptions.ts';
import { judge, type Verdict } from '../../../src/engine/judge.ts';
import type { Profile } from '../../../src/engine/policy.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';

const RBAC = 'rbac.authorization.k8s.io';
const settings = (profile: Profile, ...exceptions: Exception[]): Settings => ({
  profile,
  policies: catalogue
    .filter(({ meta }) => meta.id.startsWith('rbac-'))
    .map((policy) => ({ policy, options: {} })),
  modes: new Map(),
  namespaces: [],
  exceptions,
  dryRun: false,
  onError: 'deny',
  controllerPods: 'audit',
});

const rule = (verbs: string, apiGroups: string, resources: string, ...names: string[]): object => ({
  verbs: verbs.split(','),
  apiGroups: [apiGroups],
  resources: resources.split(','),
  ...(names.length === 0 ? {} : { resourceNames: names }),
});
const role = (...rules: object[]): object => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name: 'app', namespace: 'a' },
  rules,
});

function judged(object: object, by: Settings, old?: object): Verdict {
  const before = old === undefined ? {} : { old: subjectOf(old) };
  return judge({ subject: subjectOf(object), ...before }, by, { now: 0 });
}

const told = (object: object, profile: Profile = 'strict'): string[] =>
  judged(object, settings(profile)).findings.map(({ policy }) => policy);

describe('a root cause is told once', () => {
  it.each([
    ['everything', rule('*', '*', '*'), ['rbac-secrets-list-watch']],
    ['every verb on secrets', rule('*', '', 'secrets'), ['rbac-secrets-list-watch']],
    ['get of everything', rule('get', '', '*'), ['rbac-secrets-unnamed']],
    ['create of everything', rule('create', '', '*'), ['rbac-wildcard']],
    ['every verb on one Secret', rule('*', '', 'secrets', 'db'), ['rbac-wildcard']],
    ['every verb on exec', rule('*', '', 'pods/exec'), ['rbac-pod-access']],
    ['every verb on deployments', rule('*', 'apps', 'deployments'), ['rbac-wildcard']],
    ['create of secrets in any group', rule('create', '*', 'secrets'), ['rbac-secrets-write']],
  ])('%s', (_, granted, policies) => {
    expect(told(role(granted))).toEqual(policies);
    expect(told(role(granted), 'baseline')).toEqual(policies);
  });

  it('but each of several causes in one rule', () => {
    expect(told(role(rule('list,create', '', 'secrets,pods/exec')))).toEqual([
      'rbac-pod-access',
      'rbac-secrets-list-watch',
      'rbac-secrets-write',
    ]);
  });
});

it('writes out what stands in place of each wildcard of the rule, and of no other list', () => {
  const fixOf = (granted: object): string[] =>
    judged(role(granted), settings('strict')).findings.map(({ fix }) => fix);

  expect(fixOf(rule('*', 'apps', 'deployments'))).toEqual([
    'write out what is used, as verbs: ["get", "list", "watch"]',
  ]);
  expect(fixOf(rule('get', '*', 'widgets,*', 'a'))).toEqual([
    'write out what is used, as apiGroups: ["apps"], resources: ["deployments"]',
  ]);
});

describe('what excuses one finding does not excuse those that it stood for', () => {
  const reading: Exception = {
    policies: ['rbac-secrets-list-watch', 'rbac-secrets-unnamed'],
    group: RBAC,
    kind: 'Role',
    namespace: 'a',
    name: { exact: 'app' },
    paths: [[]],
    owner: 'platform',
    reason: 'reads Secrets',
    expires: 1,
  };

  it('an exception for reading lets no wildcard through', () => {
    const by = settings('strict', reading);

    expect(judged(role(rule('get,list', '', 'secrets')), by).allowed).toBe(true);
    expect(judged(role(rule('*', '*', '*')), by)).toMatchObject({
      allowed: false,
      findings: [
        { policy: 'rbac-wildcard', mode: 'deny' },
        { policy: 'rbac-secrets-list-watch', mode: 'audit', excuse: 'exception' },
      ],
    });
  });

  it('a role that listed Secrets before may not grow a wildcard', () => {
    const old = role(rule('list', '', 'secrets'));

    expect(judged(old, settings('baseline'), old).allowed).toBe(true);
    expect(judged(role(rule('list', '', '*')), settings('baseline'), old).allowed).toBe(false);
    expect(judged(role(rule('list,watch', '', 'secrets')), settings('baseline'), old).allowed).toBe(
      false,
    );
  });
});

it('says that a labelled role which aggregates unknown ones is not judged', () => {
  const { unjudged } = judged(
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'x', labels: { [`${RBAC}/aggregate-to-view`]: 'true' } },
      aggregationRule: { clusterRoleSelectors: [{}] },
    },
    settings('strict'),
  );

  expect(unjudged).toMatchObject([
    { policy: 'rbac-aggregation', reason: 'unknown', path: 'aggregationRule', mode: 'warn' },
  ]);
});

it('does not guess the namespace of a manifest that leaves it to the command', () => {
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'app' },
    roleRef: { kind: 'ClusterRole', name: 'elsewhere' },
    subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'a' }, { kind: 'Robot' }],
  };

  expect(judged(binding, settings('strict')).findings).toEqual([]);
});
