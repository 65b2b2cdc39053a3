// What the chart makes for a server that sees to its certificate itself, and such servers.
import { writeFile } from 'node:fs/promises';
import type { X509Certificate } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { readAuthorities } from '../../../src/certs/authorities.ts';
import { field, textAt } from '../../../src/cluster/json.ts';
import { selfManaged } from '../../../src/cluster/self-managed.ts';
import { createLogger } from '../../../src/server/logger.ts';
import { serve, type RunningServer } from '../../../src/server/serve.ts';
import type { ControlPlane } from '../harness/control-plane.ts';
import { adminKubeconfig } from '../harness/credentials.ts';
import { eventually } from '../harness/poll.ts';
import { request } from '../harness/request.ts';
import { captureLog, type ServerLog } from './server-log.ts';

/** The namespace of the servers. */
export const HOME = 'hushgate-system';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
export const SECRETS = `/api/v1/namespaces/${HOME}/secrets`;
export const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${HOME}/leases`;
export const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

export async function make(plane: ControlPlane, path: string, body: object): Promise<unknown> {
  const made = await request(plane, { method: 'POST', path, body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return made.body;
}

export async function remove(plane: ControlPlane, path: string): Promise<void> {
  await request(plane, { method: 'DELETE', path });
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
}

export const rule = (group: string, resource: string, name: string, ...verbs: string[]): Rule => ({
  apiGroups: [group],
  resources: [resource],
  resourceNames: [name],
  verbs,
});

/** What the chart grants: in the namespace, and in the cluster. */
export const namespaced = (name: string): readonly Rule[] => [
  rule('', 'secrets', name, 'get', 'update'),
  rule('coordination.k8s.io', 'leases', name, 'get', 'update'),
];
export const clustered = (name: string): readonly Rule[] => [
  rule('admissionregistration.k8s.io', 'validatingwebhookconfigurations', name, 'get', 'patch'),
];

interface Account {
  readonly rules?: readonly Rule[];
  readonly clusterRules?: readonly Rule[];
  /** Where the file says that the API server is. */
  readonly server?: string;
}

/** A kubeconfig file of a new ServiceAccount with these rights. */
export async function account(
  plane: ControlPlane,
  name: string,
  { rules = namespaced(name), clusterRules = clustered(name), server = plane.url }: Account = {},
): Promise<string> {
  const metadata = { name };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: HOME }];
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
  const roles = `${RBAC}/namespaces/${HOME}`;
  const accounts = `/api/v1/namespaces/${HOME}/serviceaccounts`;
  await make(plane, accounts, { metadata });
  await make(plane, `${roles}/roles`, { metadata, rules });
  await make(plane, `${roles}/rolebindings`, { metadata, subjects, roleRef: roleRef('Role') });
  await make(plane, `${RBAC}/clusterroles`, { metadata, rules: clusterRules });
  await make(plane, `${RBAC}/clusterrolebindings`, {
    metadata,
    subjects,
    roleRef: roleRef('ClusterRole'),
  });
  const made = await make(plane, `${accounts}/${name}/token`, {
    spec: { expirationSeconds: 3600 },
  });
  const content = adminKubeconfig(server, plane.caPem, textAt(made, 'status', 'token'));
  return kubeconfigFile(plane, name, content);
}

/** Beside the administrator's, so that it goes with the control plane. */
export async function kubeconfigFile(
  { kubeconfigPath }: ControlPlane,
  name: string,
  content: string,
): Promise<string> {
  const file = join(dirname(kubeconfigPath), `${name}.kubeconfig`);
  await writeFile(file, content, { mode: 0o600 });
  return file;
}

const entry = (name: string, index: number, port: number) => ({
  name: `n${index}.${name}.hushgate.dev`,
  clientConfig: { url: `https://127.0.0.1:${port}/validate` },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `load-${index}` } },
  failurePolicy: 'Fail',
  sideEffects: 'None',
  timeoutSeconds: 3,
  admissionReviewVersions: ['v1'],
});

export const configuration = (name: string, ports: readonly number[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: ports.map((port, index) => entry(name, index, port)),
});

/** What the chart makes, empty. */
export async function objects(
  plane: ControlPlane,
  name: string,
  ports: readonly number[],
): Promise<void> {
  await emptyKeeping(plane, name);
  await make(plane, WEBHOOKS, configuration(name, ports));
}

/** The Secret and the Lease. */
export async function emptyKeeping(plane: ControlPlane, name: string): Promise<void> {
  const metadata = { name };
  await make(plane, SECRETS, { metadata, type: 'hushgate.dev/serving-certificate' });
  await make(plane, LEASES, { metadata });
}

export interface Replica {
  readonly port: number;
  readonly log: ServerLog;
  readonly server: RunningServer;
}

export async function start(
  name: string,
  kubeconfig: string,
  port: number,
  life: number,
): Promise<Replica> {
  const log = captureLog();
  const object = { namespace: HOME, name };
  const options = {
    host: '127.0.0.1',
    port,
    metricsPort: 0,
    tlsCert: '',
    tlsKey: '',
    drainMs: 0,
    watchMs: 500,
    selfManaged: await selfManaged({
      kubeconfig,
      secret: object,
      lease: object,
      webhook: name,
      names: ['localhost', '127.0.0.1'],
      life,
      pollMs: 500,
    }),
  };
  const server = await serve(options, createLogger('debug', log.destination));
  return { port, log, server };
}

/** Without a look at the certificate, as the kubelet probes. */
export function probe({ port }: Replica, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false };
    httpsRequest(`https://127.0.0.1:${port}${path}`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

export const ready = (replica: Replica): Promise<true> =>
  eventually('ready', async () => ((await probe(replica, '/readyz')) === 200 ? true : undefined), {
    timeoutMs: 20_000,
  });

export function served({ port }: Replica): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('no certificate'));
      else resolve(certificate);
    }).on('error', reject);
  });
}

/** The CAs in the caBundle of each entry. */
export async function bundles(
  plane: ControlPlane,
  name: string,
): Promise<readonly (readonly string[])[]> {
  return bundlesOf((await request(plane, { method: 'GET', path: `${WEBHOOKS}/${name}` })).body);
}

/** The same of an object that is at hand. */
export function bundlesOf(object: unknown): readonly (readonly string[])[] {
  return (field(object, 'webhooks') as readonly unknown[]).map((each) => {
    const bundle = Buffer.from(textAt(each, 'clientConfig', 'caBundle'), 'base64');
    return readAuthorities(bundle.toString()).map(({ pem }) => pem);
  });
}

export const metrics = async ({ server }: Replica): Promise<string> =>
  (await fetch(server.metricsUrl)).text();
