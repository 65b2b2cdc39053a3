import type { PolicyRule } from './rules.ts';

/** A role by its name; the namespace of a ClusterRole does not count. */
export interface RoleId {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const words = (text: string): readonly string[] => text.split(' ');

/** Groups, resources, verbs and resourceNames, each separated by spaces; the core group is the empty text. */
const rule = (apiGroups: string, resources: string, verbs: string, names = ''): PolicyRule => ({
  apiGroups: words(apiGroups),
  resources: words(resources),
  verbs: words(verbs),
  resourceNames: names === '' ? [] : words(names),
});

const WRITE = 'create delete deletecollection patch update';
const OWN_PODS = 'create delete list patch watch';
const IN_PODS = 'pods/attach pods/exec pods/portforward pods/proxy';

const EDIT: readonly PolicyRule[] = [
  rule('', `${IN_PODS} secrets services/proxy`, 'get list watch'),
  rule('', 'serviceaccounts', 'impersonate'),
  rule('', `pods ${IN_PODS}`, WRITE),
  rule(
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    WRITE,
  ),
  rule('', 'serviceaccounts/token', 'create'),
  rule(
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
    WRITE,
  ),
  rule('batch', 'cronjobs jobs', WRITE),
];

const approver = (signer: string): readonly PolicyRule[] => [
  rule('certificates.k8s.io', 'signers', 'approve', `kubernetes.io/${signer}`),
];

/**
 * The rules of roles that the API server and kubeadm make themselves which policies would find fault
 * with, of Kubernetes 1.30 to 1.34. The controllers of the control plane and the nodes need them.
 * @see plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, controller_policy.go, namespace_policy.go
 * @see cmd/kubeadm/app/phases/bootstraptoken/clusterinfo/clusterinfo.go
 */
const STOCK_ROLES: ReadonlyMap<string, readonly PolicyRule[]> = new Map([
  ['cluster-admin', [rule('*', '*', '*')]],
  ['admin', EDIT],
  ['edit', EDIT],
  ['system:aggregate-to-edit', EDIT],
  ['system:certificates.k8s.io:kube-apiserver-client-approver', approver('kube-apiserver-client')],
  [
    'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver',
    approver('kube-apiserver-client-kubelet'),
  ],
  ['system:certificates.k8s.io:kubelet-serving-approver', approver('kubelet-serving')],
  ['system:certificates.k8s.io:legacy-unknown-approver', approver('legacy-unknown')],
  [
    'system:controller:certificate-controller',
    [
      rule(
        'certificates.k8s.io',
        'certificatesigningrequests/approval certificatesigningrequests/status',
        'update',
      ),
      ...approver('kube-apiserver-client-kubelet'),
    ],
  ],
  [
    'system:controller:clusterrole-aggregation-controller',
    [rule('rbac.authorization.k8s.io', 'clusterroles', 'escalate get list patch update watch')],
  ],
  [
    'system:controller:cronjob-controller',
    [
      rule('batch', 'cronjobs', 'get list update watch'),
      rule('batch', 'jobs', 'create delete get list patch update watch'),
    ],
  ],
  ['system:controller:daemon-set-controller', [rule('', 'pods', OWN_PODS)]],
  [
    'system:controller:deployment-controller',
    [
      rule('apps extensions', 'deployments', 'get list update watch'),
      rule('apps extensions', 'replicasets', 'create delete get list patch update watch'),
      rule('', 'pods', 'get list update watch'),
    ],
  ],
  ['system:controller:disruption-controller', [rule('*', '*/scale', 'get')]],
  ['system:controller:expand-controller', [rule('', 'secrets', 'get')]],
  [
    'system:controller:generic-garbage-collector',
    [rule('*', '*', 'delete get list patch update watch')],
  ],
  [
    'system:controller:horizontal-pod-autoscaler',
    [
      rule('*', '*/scale', 'get update'),
      rule('custom.metrics.k8s.io external.metrics.k8s.io', '*', 'get list watch'),
    ],
  ],
  ['system:controller:job-controller', [rule('', 'pods', OWN_PODS)]],
  ['system:controller:legacy-service-account-token-cleaner', [rule('', 'secrets', 'delete patch')]],
  [
    'system:controller:namespace-controller',
    [rule('*', '*', 'delete deletecollection get list watch')],
  ],
  [
    'system:controller:persistent-volume-binder',
    [
      rule('', 'persistentvolumes', 'create delete get list update watch'),
      rule('', 'pods', 'create delete get list watch'),
      rule('', 'secrets', 'get'),
    ],
  ],
  [
    'system:controller:replicaset-controller',
    [rule('apps extensions', 'replicasets', 'get list update watch'), rule('', 'pods', OWN_PODS)],
  ],
  [
    'system:controller:replication-controller',
    [rule('', 'replicationcontrollers', 'get list update watch'), rule('', 'pods', OWN_PODS)],
  ],
  ['system:controller:resourcequota-controller', [rule('*', '*', 'list watch')]],
  [
    'system:controller:statefulset-controller',
    [rule('', 'pods', 'create delete get patch update')],
  ],
  [
    'system:kube-controller-manager',
    [
      rule('*', '*', 'list watch'),
      rule('', 'secrets serviceaccounts', 'create update'),
      rule('', 'secrets', 'delete'),
      rule('', 'serviceaccounts/token', 'create'),
      rule('', 'configmaps namespaces secrets serviceaccounts', 'get'),
    ],
  ],
  [
    'system:kubelet-api-admin',
    [
      rule(
        '',
        'nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods nodes/proxy nodes/stats',
        '*',
      ),
    ],
  ],
  [
    'system:node',
    [
      rule('', 'configmaps secrets', 'get list watch'),
      rule('', 'serviceaccounts/token', 'create'),
      rule('', 'pods', 'create delete'),
    ],
  ],
  [
    'system:persistent-volume-provisioner',
    [rule('', 'persistentvolumes', 'create delete get list watch')],
  ],
  ['kube-system/system:controller:bootstrap-signer', [rule('', 'secrets', 'get list watch')]],
  ['kube-system/system:controller:token-cleaner', [rule('', 'secrets', 'delete get list watch')]],
  [
    'kube-public/kubeadm:bootstrap-signer-clusterinfo',
    [rule('', 'configmaps', 'get', 'cluster-info')],
  ],
]);

/**
 * Whether a rule is one that Kubernetes itself gives the role of this name, or grants less. By name and
 * by content; the label of bootstrapping can be forged.
 */
export function isStockRule(role: RoleId, written: PolicyRule): boolean {
  const { kind, namespace, name } = role;
  const stock = STOCK_ROLES.get(kind === 'ClusterRole' ? name : `${namespace}/${name}`) ?? [];
  return stock.some((known) => isWithin(written, known));
}

function isWithin(written: PolicyRule, known: PolicyRule): boolean {
  return (
    areAmong(written.apiGroups, known.apiGroups) &&
    areAmong(written.resources, known.resources) &&
    areAmong(written.verbs, known.verbs) &&
    (known.resourceNames.length === 0 ||
      (written.resourceNames.length > 0 && areAmong(written.resourceNames, known.resourceNames)))
  );
}

function areAmong(written: readonly string[], known: readonly string[]): boolean {
  return known.includes('*') || written.every((word) => known.includes(word));
}
