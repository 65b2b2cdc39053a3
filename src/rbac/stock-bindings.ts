import type { Subject } from '../engine/subject.ts';
import type { BoundRole, Identity } from './bindings.ts';
import type { PolicyRule } from './rules.ts';

interface StockBinding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly namespace: string;
  /** The name of the binding and of its role. */
  readonly name: string;
  readonly roleKind: BoundRole['kind'];
  readonly subject: string;
}

/**
 * What clusters grant to callers without a login from the start: the version and the health, and the
 * ConfigMap by which a node finds the cluster it joins.
 * @see plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 * @see cmd/kubeadm/app/phases/bootstraptoken/clusterinfo/clusterinfo.go
 */
const STOCK: readonly StockBinding[] = [
  {
    kind: 'ClusterRoleBinding',
    namespace: '',
    name: 'system:public-info-viewer',
    roleKind: 'ClusterRole',
    subject: 'system:unauthenticated',
  },
  {
    kind: 'RoleBinding',
    namespace: 'kube-public',
    name: 'kubeadm:bootstrap-signer-clusterinfo',
    roleKind: 'Role',
    subject: 'system:anonymous',
  },
];

/**
 * Whether a binding grants a subject what the cluster itself grants it. By name and by content: the
 * role, the subject and, where they are known, the rules; labels can be forged.
 */
export function isStockGrant(binding: Subject, role: BoundRole, { name }: Identity): boolean {
  return STOCK.some(
    (stock) =>
      stock.kind === binding.kind &&
      stock.namespace === binding.namespace &&
      stock.name === binding.name &&
      stock.name === role.name &&
      stock.roleKind === role.kind &&
      stock.subject === name &&
      (role.rules ?? []).every(isPublic),
  );
}

/** Rules on URLs have no resources. */
function isPublic({ resources, resourceNames }: PolicyRule): boolean {
  if (resources.length === 0) return true;
  return (
    resources.every((resource) => resource === 'configmaps') &&
    resourceNames.length > 0 &&
    resourceNames.every((name) => name === 'cluster-info')
  );
}
