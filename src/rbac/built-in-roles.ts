import type { PolicyRule } from './rules.ts';

const secrets = (...verbs: string[]): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames: [],
});

const EVERYTHING: PolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  resourceNames: [],
};

const EDIT = secrets(
  'get',
  'list',
  'watch',
  'create',
  'delete',
  'deletecollection',
  'patch',
  'update',
);

/**
 * What the ClusterRoles that every cluster has, and that users bind, grant on Secrets. They are made by
 * the API server itself, so they never come by as new and their bindings are judged by this table.
 * `view` leaves Secrets out on purpose; the `system:` roles here are those for add-ons and for everyone.
 * @see plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 */
const BUILT_IN_ROLES: ReadonlyMap<string, readonly PolicyRule[]> = new Map([
  ['cluster-admin', [EVERYTHING]],
  ['admin', [EDIT]],
  ['edit', [EDIT]],
  ['view', []],
  ['system:auth-delegator', []],
  ['system:basic-user', []],
  ['system:discovery', []],
  ['system:monitoring', []],
  ['system:public-info-viewer', []],
  ['system:service-account-issuer-discovery', []],
]);

/** The rules on Secrets of a built-in ClusterRole; undefined for any other role. */
export function builtInRules(name: string): readonly PolicyRule[] | undefined {
  return BUILT_IN_ROLES.get(name);
}

const AGGREGATE_TO = 'rbac.authorization.k8s.io/aggregate-to-';

const aggregated = (name: string, into: string | undefined): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels: into === undefined ? {} : { [`${AGGREGATE_TO}${into}`]: 'true' } },
  aggregationRule: {
    clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE_TO}${name}`]: 'true' } }],
  },
  rules: builtInRules(name),
});

/** The built-in ClusterRoles that grow by what other ClusterRoles add to them, as objects. */
export const AGGREGATED_ROLES: readonly object[] = [
  aggregated('view', 'edit'),
  aggregated('edit', 'admin'),
  aggregated('admin', undefined),
];
