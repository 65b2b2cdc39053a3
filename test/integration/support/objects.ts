// Objects as users write them, and where the API has them.
import { WORKLOADS, type Resource } from '../../../src/kubernetes/resources.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One entry of `env`. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

/** A Secret key as an environment variable: what secret-env-ref finds. */
export const fromSecret = (variable = 'PASSWORD', secret = 'database'): Variable => ({
  name: variable,
  valueFrom: { secretKeyRef: { name: secret, key: 'password' } },
});

export const container = (name: string, ...env: readonly Variable[]) => ({
  name,
  image: 'registry.example/app:1',
  env: [...env],
});

/** The smallest pod spec; every variable is of the container `main`. */
export const podSpec = (...env: readonly Variable[]) => ({
  containers: [container('main', ...env)],
});

/** The same Secret by the way that is recommended. */
export const mountingSpec = () => ({
  containers: [
    {
      ...container('main'),
      volumeMounts: [{ name: 'database', mountPath: '/run/secrets/database', readOnly: true }],
    },
  ],
  volumes: [{ name: 'database', secret: { secretName: 'database', defaultMode: 0o440 } }],
});

export const pod = (name: string, ...env: readonly Variable[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: podSpec(...env),
});

const LABELS = { app: 'main' };
const template = (spec: Json) => ({ metadata: { labels: LABELS }, spec });
const never = (spec: Json): Json => template({ ...spec, restartPolicy: 'Never' });
const selected = (spec: Json) => ({
  selector: { matchLabels: LABELS },
  template: template(spec),
});

const WORKLOAD_BODIES: Readonly<Record<string, (spec: Json) => Json>> = {
  Pod: (spec) => ({ spec }),
  PodTemplate: (spec) => ({ template: template(spec) }),
  ReplicationController: (spec) => ({ spec: { replicas: 0, template: template(spec) } }),
  ReplicaSet: (spec) => ({ spec: { replicas: 0, ...selected(spec) } }),
  Deployment: (spec) => ({ spec: { replicas: 0, ...selected(spec) } }),
  StatefulSet: (spec) => ({ spec: { replicas: 0, serviceName: 'main', ...selected(spec) } }),
  DaemonSet: (spec) => ({ spec: selected(spec) }),
  Job: (spec) => ({ spec: { suspend: true, template: never(spec) } }),
  CronJob: (spec) => ({
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: { spec: { template: never(spec) } },
    },
  }),
};

const roleRef = (kind: string) => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'view' },
  subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: 'default' }],
});

const OTHER_BODIES: Readonly<Record<string, Json>> = {
  RoleBinding: roleRef('ClusterRole'),
  ClusterRoleBinding: roleRef('ClusterRole'),
};

/** An object of any kind that runs pods. */
export function workload(resource: Resource, name: string, spec: Json): Json {
  const body = WORKLOAD_BODIES[resource.kind];
  if (body === undefined) throw new Error(`no ${resource.kind} is written here`);
  return { ...head(resource, name), ...body(spec) };
}

/** The smallest object of any kind that the API server takes. */
export function smallest(resource: Resource, name: string): Json {
  if (WORKLOADS.includes(resource)) return workload(resource, name, podSpec());
  return { ...head(resource, name), ...OTHER_BODIES[resource.kind] };
}

const head = ({ group, kind }: Resource, name: string) => ({
  apiVersion: group === '' ? 'v1' : `${group}/v1`,
  kind,
  metadata: { name },
});

export const deployment = (name: string, spec: Json): Json => ({
  ...head({ group: 'apps', kind: 'Deployment', resource: 'deployments', namespaced: true }, name),
  ...WORKLOAD_BODIES['Deployment']?.(spec),
});

/** The path of a resource's collection; version v1 unless it is given. */
export function collection(
  { group, resource, namespaced }: Resource,
  namespace: string,
  version = 'v1',
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${resource}`;
}
