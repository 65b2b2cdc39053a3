/** A resource type of the API, by the names that discovery gives it. */
export interface Resource {
  readonly group: string;
  readonly kind: string;
  /** The plural in URLs and RBAC rules. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Subresources through which the object itself is changed in ways a policy judges. */
  readonly subresources?: readonly string[];
  /** Where the pod template stands; [] is the object itself. Only on kinds that run pods. */
  readonly podTemplate?: readonly string[];
}

const workload = (group: string, kind: string, podTemplate: readonly string[]): Resource => ({
  group,
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  podTemplate,
});

export const POD: Resource = {
  ...workload('', 'Pod', []),
  subresources: ['ephemeralcontainers'],
};

/** Every built-in kind that holds a pod template. */
export const WORKLOADS: readonly Resource[] = [
  POD,
  workload('', 'PodTemplate', ['template']),
  workload('', 'ReplicationController', ['spec', 'template']),
  workload('apps', 'ReplicaSet', ['spec', 'template']),
  workload('apps', 'Deployment', ['spec', 'template']),
  workload('apps', 'StatefulSet', ['spec', 'template']),
  workload('apps', 'DaemonSet', ['spec', 'template']),
  workload('batch', 'Job', ['spec', 'template']),
  workload('batch', 'CronJob', ['spec', 'jobTemplate', 'spec', 'template']),
];

const RBAC_GROUP = 'rbac.authorization.k8s.io';

const rbac = (kind: string, namespaced: boolean): Resource => ({
  group: RBAC_GROUP,
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced,
});

export const ROLE = rbac('Role', true);
export const CLUSTER_ROLE = rbac('ClusterRole', false);
export const ROLE_BINDING = rbac('RoleBinding', true);
export const CLUSTER_ROLE_BINDING = rbac('ClusterRoleBinding', false);

const core = (kind: string): Resource => ({
  group: '',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
});

export const SECRET = core('Secret');
export const CONFIG_MAP = core('ConfigMap');

/** A kind of a secret manager: a custom resource, so none of BUILT_IN. */
const managed = (group: string, kind: string, resource: string, namespaced: boolean): Resource => ({
  group,
  kind,
  resource,
  namespaced,
});

const EXTERNAL_SECRETS = 'external-secrets.io';
const SECRETS_STORE = 'secrets-store.csi.x-k8s.io';

export const EXTERNAL_SECRET = managed(EXTERNAL_SECRETS, 'ExternalSecret', 'externalsecrets', true);
export const CLUSTER_EXTERNAL_SECRET = managed(
  EXTERNAL_SECRETS,
  'ClusterExternalSecret',
  'clusterexternalsecrets',
  false,
);
export const SECRET_STORE = managed(EXTERNAL_SECRETS, 'SecretStore', 'secretstores', true);
export const CLUSTER_SECRET_STORE = managed(
  EXTERNAL_SECRETS,
  'ClusterSecretStore',
  'clustersecretstores',
  false,
);
export const SECRET_PROVIDER_CLASS = managed(
  SECRETS_STORE,
  'SecretProviderClass',
  'secretproviderclasses',
  true,
);

/** Kinds that put a Secret in their namespace, beside the Secret itself. */
export const SECRET_MAKERS: readonly Resource[] = [
  EXTERNAL_SECRET,
  managed('bitnami.com', 'SealedSecret', 'sealedsecrets', true),
  managed('cert-manager.io', 'Certificate', 'certificates', true),
  managed('isindir.github.com', 'SopsSecret', 'sopssecrets', true),
  managed('secrets.hashicorp.com', 'VaultStaticSecret', 'vaultstaticsecrets', true),
  managed('secrets.hashicorp.com', 'VaultDynamicSecret', 'vaultdynamicsecrets', true),
  managed('secrets.hashicorp.com', 'VaultPKISecret', 'vaultpkisecrets', true),
  managed('onepassword.com', 'OnePasswordItem', 'onepassworditems', true),
];

export const NAMESPACE: Resource = { ...core('Namespace'), namespaced: false };
export const NETWORK_POLICY: Resource = {
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
  namespaced: true,
};

/** A kind that components of Kubernetes read from a file; no API serves it, so the plural is only a word. */
const inFile = (group: string, kind: string): Resource => ({
  group,
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: false,
});

export const ENCRYPTION_CONFIGURATION = inFile(
  'apiserver.config.k8s.io',
  'EncryptionConfiguration',
);
/** The same by its first name, which the API server still takes. */
export const ENCRYPTION_CONFIG = inFile('', 'EncryptionConfig');
export const AUDIT_POLICY = inFile('audit.k8s.io', 'Policy');
export const CLUSTER_CONFIGURATION = inFile('kubeadm.k8s.io', 'ClusterConfiguration');
export const INIT_CONFIGURATION = inFile('kubeadm.k8s.io', 'InitConfiguration');
export const JOIN_CONFIGURATION = inFile('kubeadm.k8s.io', 'JoinConfiguration');
/** What kubectl and other clients log in with. */
export const KUBECONFIG = inFile('', 'Config');
/** A file of `ETCD_` variables, as systemd takes it: no manifest, but it is read into an object. */
export const ENVIRONMENT_FILE = inFile('hushgate.dev', 'EnvironmentFile');
/** The file of etcd's `--config-file`, which names no kind. */
export const ETCD_FILE = inFile('hushgate.dev', 'EtcdFile');

/** Kinds without a name of their own: they go by that of their file. */
export const FILE_KINDS: readonly Resource[] = [
  ENCRYPTION_CONFIGURATION,
  ENCRYPTION_CONFIG,
  AUDIT_POLICY,
  CLUSTER_CONFIGURATION,
  INIT_CONFIGURATION,
  JOIN_CONFIGURATION,
  KUBECONFIG,
  ENVIRONMENT_FILE,
  ETCD_FILE,
];

/** Every built-in kind that some policy reads. */
export const BUILT_IN: readonly Resource[] = [
  ...WORKLOADS,
  ROLE,
  CLUSTER_ROLE,
  ROLE_BINDING,
  CLUSTER_ROLE_BINDING,
  SECRET,
  CONFIG_MAP,
  NAMESPACE,
  NETWORK_POLICY,
  ...FILE_KINDS,
];

const known = new Map(BUILT_IN.map((resource) => [`${resource.group}/${resource.kind}`, resource]));

/** The built-in resource of a group and kind, in any of its versions. */
export function builtIn(group: string, kind: string): Resource | undefined {
  return known.get(`${group}/${kind}`);
}

/**
 * Groups whose kinds hold no pods of their own: reviews, tests, and what policy engines hold objects
 * against or copy. What these make is judged when it is made.
 */
const WITHOUT_PODS =
  /^admission\.k8s\.io$|^(?:[\w.-]+\.)?(?:kyverno\.io|gatekeeper\.sh)$|^policy\.open-cluster-management\.io$/;

/** Groups of custom kinds that may hold pod templates; `extensions` is where Deployments were until 1.16. */
export function isCustomGroup(group: string): boolean {
  return group === 'extensions' || (group.includes('.') && !WITHOUT_PODS.test(group));
}
