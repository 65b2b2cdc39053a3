import { describe, expect, it } from '@jest/globals';
import { optionsOf } from '../../../src/config/options.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { fingerprint } from '../../../src/engine/finding.ts';
import { subjectOf, type Subject } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { harmless, leaky, pod } from '../../support/reviews.ts';

const policies = catalogue.map((policy) => ({ policy, options: optionsOf(policy, {}) }));

/** The fingerprints of one policy's findings on an object, sorted. */
const of = (id: string, object: unknown): readonly string[] =>
  evaluate(
    subjectOf(object),
    { now: 0 },
    policies.filter(({ policy }) => policy.meta.id === id),
  )
    .findings.map((finding) => finding.fingerprint)
    .sort();

const ref = (name: string, secret: string, key: string): object => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
const withEnv = (...env: readonly object[]): object =>
  pod({ containers: [{ ...harmless('app'), env }] });

const RBAC = 'rbac.authorization.k8s.io';
const role = (rule: object): object => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name: 'r', namespace: 'shop' },
  rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'], ...rule }],
});
const binding = (roleName: string, ...subjects: readonly object[]): object => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'b' },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: roleName },
  subjects,
});
const user = (name: string): object => ({ kind: 'User', name, apiGroup: RBAC });
const robot = (namespace: string): object => ({ kind: 'ServiceAccount', name: 'x', namespace });

describe('each part of a fingerprint makes another one', () => {
  const subject = subjectOf(pod());
  const own = fingerprint('a', subject, ['what']);
  const changed = (change: Partial<Subject>): Subject => ({ ...subject, ...change });

  it.each([
    ['policy', fingerprint('b', subject, ['what'])],
    ['API group', fingerprint('a', changed({ group: 'example.com' }), ['what'])],
    ['kind', fingerprint('a', changed({ kind: 'Job' }), ['what'])],
    ['namespace', fingerprint('a', changed({ namespace: 'other' }), ['what'])],
    ['name', fingerprint('a', changed({ name: 'other' }), ['what'])],
    ['what is found', fingerprint('a', subject, ['else'])],
  ])('the %s', (_, other) => {
    expect(own).toMatch(/^[\da-f]{32}$/);
    expect(other).not.toBe(own);
  });

  const ENV = 'secret-env-ref';
  const LIST = 'rbac-secrets-list-watch';
  const WIDE = 'rbac-secrets-cluster-wide';
  const base = withEnv(ref('A', 'db', 'k'));
  it.each([
    ['the variable', ENV, base, withEnv(ref('B', 'db', 'k'))],
    ['the Secret', ENV, base, withEnv(ref('A', 'mail', 'k'))],
    ['its key', ENV, base, withEnv(ref('A', 'db', 'other'))],
    ['the container', ENV, pod({ containers: [leaky('a')] }), pod({ containers: [leaky('b')] })],
    [
      'the class of container',
      ENV,
      pod({ containers: [leaky('a')] }),
      pod({ initContainers: [leaky('a')], containers: [harmless('b')] }),
    ],
    ['the verb', LIST, role({}), role({ verbs: ['watch'] })],
    ['the resource', LIST, role({}), role({ resources: ['*'] })],
    ['the group of the rule', LIST, role({}), role({ apiGroups: ['*'] })],
    [
      'the names of the rule',
      'rbac-secrets-named-list',
      role({ resourceNames: ['a'] }),
      role({ resourceNames: ['b'] }),
    ],
    ['the subject', WIDE, binding('edit', user('joe')), binding('edit', user('jane'))],
    ['its namespace', WIDE, binding('edit', robot('a')), binding('edit', robot('b'))],
    ['the role', WIDE, binding('edit', user('joe')), binding('cluster-admin', user('joe'))],
  ])('%s', (_, id, one, other) => {
    const [before, after] = [of(id, one), of(id, other)];

    expect([before.length, after.length]).toEqual([1, 1]);
    expect(after).not.toEqual(before);
  });
});

describe('a fingerprint stays', () => {
  const token = (end: string): string =>
    ['ghp_', 'R7vPq2LmX9sKd4TzWc8NbYf1HgJ6aUe3Qo', end].join('');
  const literal = (value: string): object => withEnv({ name: 'TOKEN', value });
  const config = (value: string): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'shop' },
    data: { token: value },
  });
  it.each([
    [
      'when variables change places',
      'secret-env-ref',
      withEnv(ref('A', 'db', 'k'), ref('B', 'db', 'k')),
      withEnv({ name: 'C', value: 'c' }, ref('B', 'db', 'k'), ref('A', 'db', 'k')),
    ],
    [
      'when containers change places',
      'secret-env-ref',
      pod({ containers: [leaky('a'), leaky('b')] }),
      pod({ containers: [leaky('b'), harmless('c'), leaky('a')] }),
    ],
    [
      'when subjects change places',
      'rbac-secrets-cluster-wide',
      binding('edit', user('joe'), robot('a')),
      binding('edit', robot('a'), user('joe')),
    ],
    [
      'when verbs change places',
      'rbac-secrets-list-watch',
      role({ verbs: ['list', 'watch'] }),
      role({ verbs: ['watch', 'list'] }),
    ],
    [
      'whatever the labels say',
      'secret-env-ref',
      pod(),
      pod(undefined, { labels: { a: 'b' }, annotations: { c: 'd' } }),
    ],
    // No value is in it, not even as a hash: that could be guessed at.
    ['when a literal changes', 'credential-in-env', literal(token('Vi')), literal(token('Wk'))],
    ['when a ConfigMap does', 'configmap-credential', config(token('Vi')), config(token('Wk'))],
  ])('%s', (_, id, before, after) => {
    expect(of(id, before).length).toBeGreaterThan(0);
    expect(of(id, after)).toEqual(of(id, before));
  });
});
