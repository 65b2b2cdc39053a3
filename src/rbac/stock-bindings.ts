import type { RoleFacts } from '../engine/facts.ts';
import type { Subject } from '../engine/subject.ts';
import { audienceOf } from './audience.ts';
import { boundRole, type BoundRole, type Identity } from './bindings.ts';
import type { PolicyRule } from './rules.ts';
import { secretAccess } from './secret-access.ts';
import { isStockRule } from './stock-roles.ts';

interface StockBinding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly roleKind: BoundRole['kind'];
  readonly role: string;
  readonly subject: Identity;
}

const clusterWide = (name: string, subject: Identity, role = name): StockBinding => ({
  kind: 'ClusterRoleBinding',
  namespace: '',
  name,
  roleKind: 'ClusterRole',
  role,
  subject,
});
const group = (name: string): Identity => ({ kind: 'Group', namespace: '', name });
const user = (name: string): Identity => ({ kind: 'User', namespace: '', name });
const controller = (name: string): StockBinding =>
  clusterWide(`system:controller:${name}`, {
    kind: 'ServiceAccount',
    namespace: 'kube-system',
    name,
  });

/**
 * What clusters grant from the start that policies would find fault with: to their administrators and
 * controllers, and to callers without a login the version, the health, and the ConfigMap by which a node
 * finds the cluster it joins.
 * @see plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 * @see cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go, bootstraptoken/clusterinfo/clusterinfo.go
 */
const STOCK: readonly StockBinding[] = [
  clusterWide('cluster-admin', group('system:masters')),
  clusterWide('kubeadm:cluster-admins', group('kubeadm:cluster-admins'), 'cluster-admin'),
  clusterWide('system:kube-controller-manager', user('system:kube-controller-manager')),
  clusterWide('system:public-info-viewer', group('system:unauthenticated')),
  controller('expand-controller'),
  controller('generic-garbage-collector'),
  controller('legacy-service-account-token-cleaner'),
  controller('namespace-controller'),
  controller('persistent-volume-binder'),
  controller('resourcequota-controller'),
  {
    kind: 'RoleBinding',
    namespace: 'kube-public',
    name: 'kubeadm:bootstrap-signer-clusterinfo',
    roleKind: 'Role',
    role: 'kubeadm:bootstrap-signer-clusterinfo',
    subject: user('system:anonymous'),
  },
];

/**
 * Whether a binding grants a subject what the cluster itself grants it. By name and by content: the
 * role, the subject and, where they are known, the rules; labels can be forged.
 */
export function isStockGrant(
  binding: Subject,
  who: Identity,
  roles: RoleFacts | undefined,
): boolean {
  const role = boundRole(binding, roles);
  const isStock = STOCK.some(
    ({ kind, namespace, name, roleKind, role: roleName, subject }) =>
      kind === binding.kind &&
      namespace === binding.namespace &&
      name === binding.name &&
      roleKind === role.kind &&
      roleName === role.name &&
      subject.kind === who.kind &&
      subject.namespace === who.namespace &&
      subject.name === who.name,
  );
  if (!isStock) return false;
  const matters = audienceOf(who)?.anonymous === true ? grantsResources : reachesSecrets;
  const { kind, name } = role;
  const { namespace } = binding;
  return (role.rules ?? [])
    .filter(matters)
    .every((rule) => isStockRule({ kind, namespace, name }, rule));
}

/** Rules on URLs have no resources. */
const grantsResources = ({ resources }: PolicyRule): boolean => resources.length > 0;
const reachesSecrets = (rule: PolicyRule): boolean => secretAccess(rule) !== undefined;
