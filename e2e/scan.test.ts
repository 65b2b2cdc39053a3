// `hushgate scan --cluster` on a running cluster: what Kubernetes and this chart bring, and what a user adds.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CUSTOM_WORKLOADS } from '../src/kubernetes/custom-workloads.ts';
import { defaultSettings } from '../src/config/load.ts';
import { wantedKinds } from '../src/scan/kinds.ts';
import type { ReportedFinding, ScanReport } from '../src/scan/report.ts';
import { eventually } from '../test/integration/harness/poll.ts';
import { install, NAMESPACE, reset } from './support/chart.ts';
import { image, node } from './support/environment.ts';
import { idle, makeNamespace, podSpec, violator, workload } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-scan';
const MANIFEST = '/etc/kubernetes/manifests/e2e-static.json';
const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

/** What is found in strict beside what this file adds: each is right, and why. */
const EXPECTED: Readonly<Record<string, string>> = {
  'rbac-secrets-cluster-wide ClusterRoleBinding /e2e subjects[0]':
    'the administrator of these tests is bound to cluster-admin',
  [`service-account-token-projection Deployment ${NAMESPACE}/hushgate spec.template.spec.volumes[1].projected.sources[0].serviceAccountToken.audience`]:
    'for the API server, whose audience differs from cluster to cluster: serviceAccount.tokenAudience',
};

/** The same for what kind brings beside Kubernetes, where its node image has it. */
const ADD_ONS: Readonly<Record<string, string>> = {
  'rbac-escalation ClusterRole /local-path-provisioner-role rules[1]':
    'it creates PersistentVolumes, and a hostPath one opens the node',
  'rbac-workload-create Role local-path-storage/local-path-provisioner-role rules[0]':
    'it creates Pods, which may take any Secret of its namespace',
  'service-account-token-automount DaemonSet kube-system/kindnet spec.template.spec.automountServiceAccountToken':
    'it calls the API, but does not say so; no add-on of Kubernetes itself',
  'service-account-token-automount Deployment local-path-storage/local-path-provisioner spec.template.spec.automountServiceAccountToken':
    'the same',
};

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  const old = workload('Deployment', 'old', { ...violator(image), ...idle });
  for (const object of [old, ...scanner()]) {
    const made = await kubectlWith(object, 'apply', '-n', TEAM, '-f', '-');
    expect(made.stderr).toBe('');
  }
  await writeStaticPod();
  await install({});
  await mirrored();
});
afterAll(async () => {
  await run('docker', ['exec', node, 'rm', '-f', MANIFEST]);
  await kubectl('delete', 'clusterrole,clusterrolebinding', TEAM);
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

/** Who may list what a scan lists, and nothing more: no verb on Secrets. */
function scanner(): readonly object[] {
  const group = 'rbac.authorization.k8s.io';
  const apiVersion = `${group}/v1`;
  const metadata = { name: TEAM };
  const kinds = wantedKinds(defaultSettings(), CUSTOM_WORKLOADS, false);
  const rules = [...Map.groupBy(kinds, (kind) => kind.group)].map(([apiGroup, own]) => ({
    apiGroups: [apiGroup],
    resources: own.map(({ resource }) => resource),
    verbs: ['list'],
  }));
  const roleRef = { apiGroup: group, kind: 'ClusterRole', name: TEAM };
  const subjects = [{ kind: 'ServiceAccount', namespace: TEAM, name: 'scanner' }];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'scanner' } },
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
  ];
}

/** A file on the node, which the kubelet runs without asking the API. */
async function writeStaticPod(): Promise<void> {
  const container = { ...idle, env: [{ name: 'GITHUB', value: TOKEN }] };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'static', namespace: TEAM },
    spec: { ...podSpec(container), automountServiceAccountToken: true },
  };
  const write = ['exec', '-i', node, 'sh', '-c', `cat > ${MANIFEST}`];
  await run('docker', write, { input: JSON.stringify(pod) });
}

async function mirrored(): Promise<void> {
  await eventually('the static Pod is mirrored', async () => {
    const { stdout } = await kubectl('get', 'pods', '-n', TEAM, '-o', 'name');
    return stdout.includes(`pod/static-${node}`) ? true : undefined;
  });
}

interface Scanned extends ScanReport {
  readonly code: number;
}

async function scan(...args: readonly string[]): Promise<Scanned> {
  const command = ['src/bin/hushgate.ts', 'scan', '--cluster', '-o', 'json', ...args];
  const { code, stdout, stderr } = await run('node', command, { allowFailure: true });
  if (stdout === '') throw new Error(stderr);
  expect(stdout).not.toContain(TOKEN);
  return { ...(JSON.parse(stdout) as ScanReport), code };
}

const line = ({ policy, kind, namespace, name, path }: ReportedFinding): string =>
  `${policy} ${kind} ${namespace}/${name} ${path}`;

async function isThere(found: string): Promise<boolean> {
  const [, kind = '', object = ''] = found.split(' ');
  const [namespace = '', name = ''] = object.split('/');
  const where = namespace === '' ? [] : ['-n', namespace];
  const { stdout } = await kubectl('get', kind, name, ...where, '--ignore-not-found', '-o', 'name');
  return stdout !== '';
}

it('finds exactly what is right in what Kubernetes, kind and the chart bring', async () => {
  const report = await scan('--profile', 'strict');
  const found = report.findings.filter(({ namespace }) => !namespace.startsWith('e2e-')).map(line);
  const addOns = Object.keys(ADD_ONS);
  const there = await Promise.all(addOns.map(isThere));
  const expected = [...Object.keys(EXPECTED), ...addOns.filter((_, index) => there[index])];
  expect(found.sort()).toEqual(expected.sort());
  expect(report.errors).toEqual([]);
  // CoreDNS, kube-proxy, the control plane's static Pods, and some 150 roles and bindings.
  expect(report.summary.objects).toBeGreaterThan(170);
});

describe('what a user adds', () => {
  const CONTAINER = 'spec.template.spec.containers[0]';
  const FOUND = [
    `secret-env-ref Deployment ${TEAM}/old ${CONTAINER}.env[0].valueFrom.secretKeyRef`,
    `secret-consumer-root Deployment ${TEAM}/old ${CONTAINER}.securityContext.runAsNonRoot`,
    `credential-in-env Pod ${TEAM}/static-${node} spec.containers[0].env[0].value`,
  ];

  it('is told once: a Pod at its Deployment, a static Pod with its node', async () => {
    const report = await scan('-n', TEAM);
    expect([report.findings.map(line), report.errors, report.code]).toEqual([FOUND, [], 1]);
    // Of the ReplicaSet and of its Pod.
    expect(report.summary.folded).toBe(4);
    expect(report.findings.map((finding) => finding.node)).toEqual([undefined, undefined, node]);
  });

  it('is found alike from within, by a Pod that may not touch a Secret', async () => {
    const as = `--as=system:serviceaccount:${TEAM}:scanner`;
    for (const verb of ['get', 'list', 'watch']) {
      const asked = ['auth', 'can-i', verb, 'secrets', as, '-A'];
      expect((await run('kubectl', asked, { allowFailure: true })).stdout).toBe('no');
    }
    const args = ['scan', '--cluster', '-n', TEAM, '-o', 'json'];
    const spec = {
      ...podSpec({ name: 'scan', image, args }),
      serviceAccountName: 'scanner',
      automountServiceAccountToken: true,
      restartPolicy: 'Never',
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'scan' }, spec };
    const made = await kubectlWith(pod, 'create', '-n', TEAM, '-f', '-');
    expect(made.stderr).toBe('');
    const path = 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}';
    const code = await eventually('the scan has ended', async () => {
      const { stdout } = await kubectl('get', 'pod', 'scan', '-n', TEAM, '-o', path);
      return stdout === '' ? undefined : stdout;
    });
    const { stdout } = await kubectl('logs', 'scan', '-n', TEAM);
    const report = JSON.parse(stdout) as ScanReport;
    expect([report.findings.map(line), report.errors, code]).toEqual([FOUND, [], '1']);
    expect(report.cluster).toBe('inClusterContext');
  });
});
