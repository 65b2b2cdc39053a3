import { describe, expect, it } from '@jest/globals';
import { rolesFrom } from '../../../src/rbac/roles.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';

interface Shape {
  readonly labels?: Record<string, string>;
  readonly selectors?: unknown[];
  readonly verb?: string;
}

function clusterRole(name: string, { labels = {}, selectors, verb }: Shape): object {
  return {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name, labels },
    ...(selectors === undefined ? {} : { aggregationRule: { clusterRoleSelectors: selectors } }),
    rules: verb === undefined ? null : [{ verbs: [verb], apiGroups: [''], resources: ['secrets'] }],
  };
}

const role = (namespace: string, name: string): object => ({
  apiVersion,
  kind: 'Role',
  metadata: { name, namespace },
  rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
});

function verbs(objects: object[], name: string): string[] | undefined {
  const rules = rolesFrom(objects).rules('ClusterRole', 'any', name);
  return rules?.flatMap((rule) => rule.verbs);
}

describe('rolesFrom', () => {
  it('finds a Role in its namespace and a ClusterRole in none', () => {
    const roles = rolesFrom([role('a', 'reader'), clusterRole('reader', { verb: 'list' })]);

    expect(roles.rules('Role', 'a', 'reader')).toMatchObject([{ resources: ['pods'] }]);
    expect(roles.rules('Role', 'b', 'reader')).toBeUndefined();
    expect(roles.rules('ClusterRole', 'b', 'reader')).toMatchObject([{ verbs: ['list'] }]);
    expect(roles.rules('ClusterRole', '', 'writer')).toBeUndefined();
  });

  it('passes over other kinds, kinds of the same name in other groups, and what is no object', () => {
    const foreign = { ...clusterRole('reader', {}), apiVersion: 'iam.example.com/v1' };
    const objects = [null, 'text', [], { kind: 'ClusterRole' }, { apiVersion, kind: 'X' }, foreign];

    expect(rolesFrom(objects).rules('ClusterRole', '', 'reader')).toBeUndefined();
  });

  it('keeps a role whose metadata cannot be read, under no name', () => {
    expect(verbs([{ apiVersion, kind: 'ClusterRole', metadata: 1 }], '')).toEqual([]);
    expect(rolesFrom([{ apiVersion, kind: 'Role' }]).rules('Role', '', '')).toEqual([]);
  });
});

describe('aggregation', () => {
  const select = (matchLabels: object, matchExpressions: object[] = []): object => ({
    matchLabels,
    matchExpressions,
  });
  const aggregate = (labels: Record<string, string>, ...selectors: object[]): unknown =>
    verbs([clusterRole('all', { selectors }), clusterRole('one', { labels, verb: 'get' })], 'all');

  it.each([
    ['the same label', { team: 'a' }, select({ team: 'a' }), true],
    ['another value', { team: 'b' }, select({ team: 'a' }), false],
    ['no label', {}, select({ team: 'a' }), false],
    ['one of two labels', { team: 'a' }, select({ team: 'a', stage: 'x' }), false],
    ['an empty selector', {}, {}, true],
    [
      'a label called constructor',
      {},
      select({}, [{ key: 'constructor', operator: 'Exists' }]),
      false,
    ],
    ['a null value', { team: '' }, select({ team: null }), true],
  ])('by %s', (_, labels, selector, taken) => {
    expect(aggregate(labels, selector)).toEqual(taken ? ['get'] : []);
  });

  it.each([
    ['In', { team: 'a' }, true],
    ['In', { team: 'b' }, false],
    ['In', {}, false],
    ['NotIn', { team: 'a' }, false],
    ['NotIn', { team: 'b' }, true],
    ['NotIn', {}, true],
    ['Exists', { team: 'b' }, true],
    ['Exists', {}, false],
    ['DoesNotExist', { team: 'b' }, false],
    ['DoesNotExist', {}, true],
    ['Gt', { team: 'a' }, false],
  ])('by the operator %s of %j', (operator, labels, taken) => {
    const expression = { key: 'team', operator, values: ['a'] };

    expect(aggregate(labels, select({}, [expression]))).toEqual(taken ? ['get'] : []);
  });

  it('reads an expression without a key as the empty label', () => {
    expect(aggregate({ team: 'a' }, select({}, [{ operator: 'Exists' }]))).toEqual([]);
  });

  it('takes in what any of several selectors matches', () => {
    expect(aggregate({ team: 'b' }, select({ team: 'a' }), select({ team: 'b' }))).toEqual(['get']);
  });

  it('goes through roles that aggregate in turn, and ends in a circle', () => {
    const objects = [
      clusterRole('admin', { labels: { into: 'view' }, selectors: [select({ into: 'admin' })] }),
      clusterRole('edit', { labels: { into: 'admin' }, selectors: [select({ into: 'edit' })] }),
      clusterRole('view', { labels: { into: 'edit' }, selectors: [select({ into: 'view' })] }),
      clusterRole('secrets', { labels: { into: 'edit' }, verb: 'list' }),
    ];

    expect(verbs(objects, 'admin')).toEqual(['list']);
    expect(verbs(objects, 'view')).toEqual(['list']);
  });
});
