// Roles of every shape that decides who reads Secrets.
import fc from 'fast-check';
import { SECRET_VERBS } from '../../../src/rbac/secret-access.ts';

export interface GeneratedRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What a role and its binding are made of. */
export interface GeneratedRole {
  readonly kind: 'Role' | 'ClusterRole';
  readonly bindingKind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly rules: readonly GeneratedRule[];
  readonly labels: Readonly<Record<string, string>>;
  readonly selectors: readonly object[];
}

const words = (values: readonly string[], maxLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });

const often = <T>(common: T, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(common) }, { weight: 1, arbitrary: rare });

/** On resources; a part of them on Secrets, and verbs and resources often in different rules. */
const resourceRule: fc.Arbitrary<GeneratedRule> = fc.record(
  {
    verbs: words([...SECRET_VERBS, ...SECRET_VERBS, '*', 'bind', 'LIST', 'use'], 4),
    apiGroups: often([''], words(['', '*', 'apps', 'v1', 'my.group', 'core'], 3)),
    resources: often(
      ['secrets'],
      words(
        [
          'secrets',
          '*',
          '*/*',
          'secrets/*',
          'secrets/status',
          '*/status',
          '*/secrets',
          'Secrets',
          'secret',
          'secrets/',
          'pods',
          'pods/exec',
          'configmaps',
        ],
        3,
      ),
    ),
    resourceNames: words(['db', 'tls', '', '*', 'secrets', 'db*'], 2),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);

const urlRule: fc.Arbitrary<GeneratedRule> = fc.record({
  verbs: words(['get', 'list', '*'], 2),
  nonResourceURLs: words(['*', '/api/v1/secrets', '/api/v1/namespaces/*', '/metrics'], 2),
});

const rulesOf = (rule: fc.Arbitrary<GeneratedRule>): fc.Arbitrary<GeneratedRule[]> =>
  fc.array(rule, { maxLength: 4, size: 'max' });
const resourceRules = rulesOf(resourceRule);
const anyRules = rulesOf(
  fc.oneof({ weight: 6, arbitrary: resourceRule }, { weight: 1, arbitrary: urlRule }),
);

const role: fc.Arbitrary<GeneratedRole> = fc.record({
  kind: fc.constant('Role'),
  bindingKind: fc.constant('RoleBinding'),
  rules: resourceRules,
  labels: fc.constant({}),
  selectors: fc.constant([]),
});

const clusterRole: fc.Arbitrary<GeneratedRole> = fc.record({
  kind: fc.constant('ClusterRole'),
  bindingKind: fc.constantFrom('RoleBinding', 'ClusterRoleBinding'),
  rules: anyRules,
  labels: fc.constant({}),
  selectors: fc.constant([]),
});

// Selectors look only at roles of one small pool, so that none takes in cluster-admin or half of the
// others: pool is the number of a group of some roles that aggregate or are aggregated.
const POOLS = 40;
const pool = fc.nat({ max: POOLS - 1 }).map(String);
const labels = fc.record(
  { pool, tier: fc.constantFrom('low', 'high') },
  { requiredKeys: ['pool'] },
) as fc.Arbitrary<Readonly<Record<string, string>>>;

const part: fc.Arbitrary<GeneratedRole> = fc.record({
  kind: fc.constant('ClusterRole'),
  bindingKind: fc.constant('RoleBinding'),
  rules: anyRules,
  labels,
  selectors: fc.constant([]),
});

const expression: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    key: fc.constant('tier'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: words(['low', 'high'], 2),
  }),
  fc.record({ key: fc.constant('tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector: fc.Arbitrary<object> = fc.record(
  {
    matchLabels: fc.record({ pool }),
    matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['matchLabels'] },
);

/** Its rules are written by the aggregation controller alone; it may be taken in itself. */
const aggregating: fc.Arbitrary<GeneratedRole> = fc.record({
  kind: fc.constant('ClusterRole'),
  bindingKind: fc.constantFrom('RoleBinding', 'ClusterRoleBinding'),
  rules: fc.constant([]),
  labels,
  selectors: fc.array(selector, { minLength: 1, maxLength: 3 }),
});

export const SEED = 20_261_124;

/** The same roles on every run. */
export function generateRoles(): GeneratedRole[] {
  const some = (arbitrary: fc.Arbitrary<GeneratedRole>, numRuns: number): GeneratedRole[] =>
    fc.sample(arbitrary, { seed: SEED, numRuns });
  return [
    ...some(role, 1200),
    ...some(clusterRole, 700),
    ...some(part, 100),
    ...some(aggregating, 60),
  ];
}
