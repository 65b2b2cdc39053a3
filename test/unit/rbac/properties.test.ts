import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, type ConfiguredPolicy } from '../../../src/engine/evaluate.ts';
import type { Facts } from '../../../src/engine/facts.ts';
import { judge } from '../../../src/engine/judge.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { rolesFrom } from '../../../src/rbac/roles.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const policies: readonly ConfiguredPolicy[] = catalogue
  .filter(({ meta }) => meta.id.startsWith('rbac-'))
  .map((policy) => ({ policy, options: {} }));
const settings: Settings = {
  profile: 'strict',
  policies,
  modes: new Map(),
  namespaces: [],
  exceptions: [],
  dryRun: false,
  onError: 'deny',
  controllerPods: 'audit',
};

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}
const LISTS = ['verbs', 'apiGroups', 'resources', 'resourceNames'] as const;

const some = (...values: string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 4 });
const rule: fc.Arbitrary<Rule> = fc.record({
  verbs: some(
    'get',
    'list',
    'watch',
    'create',
    'update',
    'patch',
    'delete',
    'bind',
    'escalate',
    '*',
  ),
  apiGroups: some('', '', 'apps', 'my.group', 'rbac.authorization.k8s.io', '*'),
  resources: some(
    'secrets',
    'secrets/status',
    'configmaps',
    'pods',
    'pods/exec',
    'deployments',
    'clusterroles',
    'serviceaccounts/token',
    '*/exec',
    '*/*',
    '*',
  ),
  resourceNames: fc.oneof(fc.constant([]), some('db', 'tls', 'admin', '')),
});
const rules = fc.array(rule, { minLength: 1, maxLength: 5 });

const meta = (kind: string): object =>
  kind.startsWith('Cluster') ? { name: 'x' } : { name: 'x', namespace: 'a' };
const role = (kind: string, list: readonly Rule[]): object => ({
  apiVersion,
  kind,
  metadata: {
    ...meta(kind),
    labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
  },
  rules: list,
});
const binding = (kind: string, roleKind: string): object => ({
  apiVersion,
  kind,
  metadata: meta(kind),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: 'x' },
  subjects: [
    { kind: 'ServiceAccount', name: 'app', namespace: 'b' },
    { kind: 'Group', name: 'system:authenticated' },
  ],
});

/** The policies that find something on a role with these rules, and on a binding of it. */
function verdicts(list: readonly Rule[]): unknown {
  return ['Role', 'ClusterRole'].map((kind) => {
    const written = role(kind, list);
    const facts: Facts = { now: 0, roles: rolesFrom([written]) };
    return [written, binding(`${kind}Binding`, kind), binding('RoleBinding', kind)].map(
      (object) => {
        const subject = subjectOf(object);
        const { findings, unjudged } = evaluate(subject, facts, policies);
        expect(unjudged).toEqual([]);
        const { allowed } = judge({ subject }, settings, facts);
        return { allowed, policies: [...new Set(findings.map(({ policy }) => policy))] };
      },
    );
  });
}

describe('the verdict on rules', () => {
  it('does not change with the order of rules and of their words', () => {
    const shuffled = (list: readonly Rule[]): fc.Arbitrary<Rule[]> => {
      const shuffle = (words: readonly string[]): fc.Arbitrary<string[]> =>
        fc.shuffledSubarray([...words], { minLength: words.length });
      const each = list.map((one) =>
        fc.record({
          verbs: shuffle(one.verbs),
          apiGroups: shuffle(one.apiGroups),
          resources: shuffle(one.resources),
          resourceNames: shuffle(one.resourceNames),
        }),
      );
      return fc.tuple(...each).chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    };

    fc.assert(
      fc.property(
        rules.chain((list) => fc.tuple(fc.constant(list), shuffled(list))),
        ([list, other]) => {
          expect(verdicts(other)).toEqual(verdicts(list));
        },
      ),
    );
  });

  it('does not change when one rule is split into two equivalent ones', () => {
    const split = fc.record({
      list: rules,
      which: fc.nat(),
      key: fc.constantFrom(...LISTS),
      cut: fc.nat(),
    });

    fc.assert(
      fc.property(split, ({ list, which, key, cut }) => {
        const index = which % list.length;
        const one = list[index];
        fc.pre(one !== undefined && one[key].length > 1);
        const at = 1 + (cut % (one[key].length - 1));
        const halves = [
          { ...one, [key]: one[key].slice(0, at) },
          { ...one, [key]: one[key].slice(at) },
        ];

        expect(verdicts(list.toSpliced(index, 1, ...halves))).toEqual(verdicts(list));
      }),
    );
  });

  it('does not change by a rule on something else', () => {
    const unrelated = {
      verbs: ['get', 'list'],
      apiGroups: [''],
      resources: ['configmaps', 'pods/log'],
      resourceNames: [],
    };

    fc.assert(
      fc.property(rules, fc.nat(), (list, where) => {
        const more = list.toSpliced(where % (list.length + 1), 0, unrelated);

        expect(verdicts(more)).toEqual(verdicts(list));
      }),
    );
  });
});

/** The fingerprints of a role with these rules, of its policies alone and as a multiset. */
function fingerprintsOf(object: object): string[] {
  const facts: Facts = { now: 0, roles: rolesFrom([object]) };
  return evaluate(subjectOf(object), facts, policies)
    .findings.map(({ fingerprint }) => fingerprint)
    .sort();
}

describe('findings on rules', () => {
  const turned = (rule: Rule): Rule => ({
    resourceNames: rule.resourceNames.toReversed(),
    resources: rule.resources.toReversed(),
    apiGroups: rule.apiGroups.toReversed(),
    verbs: rule.verbs.toReversed(),
  });

  it('keep their fingerprints when rules, words and keys are turned around', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom('Role', 'ClusterRole'), (list, kind) => {
        const other = list.map(turned).toReversed();

        expect(fingerprintsOf(role(kind, other))).toEqual(fingerprintsOf(role(kind, list)));
      }),
    );
  });

  it('keep their fingerprints beside fields that nobody knows', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom('Role', 'ClusterRole'), (list, kind) => {
        const more = list.map((one) => ({ unknown: [{ a: '*' }], ...one, later: { b: 1 } }));
        const wrapped = { ...role(kind, more), unknown: { rules: [{ verbs: ['*'] }] } };

        expect(fingerprintsOf(wrapped)).toEqual(fingerprintsOf(role(kind, list)));
      }),
    );
  });

  it('are the same whatever the role and its binding are called', () => {
    const renamed = (object: object): object =>
      JSON.parse(JSON.stringify(object).replaceAll('"name":"x"', '"name":"other"')) as object;
    const found = (object: object, written: object): string[] =>
      evaluate(subjectOf(object), { now: 0, roles: rolesFrom([written]) }, policies)
        .findings.map(({ policy, messageId, path }) => `${policy} ${messageId} ${path}`)
        .sort();

    fc.assert(
      fc.property(rules, fc.constantFrom('Role', 'ClusterRole'), (list, kind) => {
        const written = role(kind, list);
        for (const object of [written, binding('RoleBinding', kind)]) {
          expect(found(renamed(object), renamed(written))).toEqual(found(object, written));
        }
      }),
    );
  });
});

describe('any JSON', () => {
  const kinds = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
  const expectNoFailure = (object: unknown, context: { group?: string; kind: string }): void => {
    const facts: Facts = { now: 0, roles: rolesFrom([object, { apiVersion, ...context }]) };
    const { unjudged } = evaluate(subjectOf(object, context), facts, policies);

    expect(unjudged.filter(({ reason }) => reason === 'internal')).toEqual([]);
  };

  it('makes no policy throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...kinds), (object, kind) => {
        expectNoFailure(object, { group: 'rbac.authorization.k8s.io', kind });
      }),
    );
  });

  it('makes no policy throw in any field', () => {
    const any = fc.oneof(fc.jsonValue(), fc.constantFrom('*', 'secrets', 'true', ''));
    const list = fc.oneof(any, fc.array(any, { maxLength: 3 }));
    const object = fc.record(
      {
        apiVersion: fc.constant(apiVersion),
        kind: fc.constantFrom(...kinds),
        metadata: fc.oneof(any, fc.record({ name: any, namespace: any, labels: any })),
        rules: fc.oneof(
          any,
          fc.array(
            fc.oneof(
              any,
              fc.record({ verbs: list, apiGroups: list, resources: list, resourceNames: list }),
            ),
          ),
        ),
        aggregationRule: fc.oneof(any, fc.record({ clusterRoleSelectors: list })),
        roleRef: fc.oneof(any, fc.record({ kind: any, name: any })),
        subjects: fc.oneof(any, fc.array(fc.record({ kind: any, name: any, namespace: any }))),
      },
      { requiredKeys: ['apiVersion', 'kind'] },
    );

    fc.assert(
      fc.property(object, (generated) => {
        expectNoFailure(generated, { kind: generated.kind });
      }),
    );
  });
});
