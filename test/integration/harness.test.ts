// The harness proves itself first: what it says of a control plane, a control plane says.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findBinary } from './harness/binaries.ts';
import { clientApi, model } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';

jest.setTimeout(120_000);

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'plain' },
  spec: { containers: [{ name: 'main', image: 'registry.example/app:1' }] },
};
const OLD_LABEL = 'beta.kubernetes.io/os';
const OLD_LABEL_WARNING =
  'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

function processTable(): ProcessRow[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, state = '', command = ''] = line.trim().split(/\s+/);
    return state === '' ? [] : [{ pid: Number(pid), parent: Number(parent), state, command }];
  });
}

/** What this test process has started, by name; `ps` itself is not meant. */
const children = (): string[] =>
  processTable()
    .filter(({ parent, command }) => parent === process.pid && command !== 'ps')
    .map(({ command }) => command)
    .sort();

const runs = (pid: number): boolean =>
  processTable().some((row) => row.pid === pid && !row.state.startsWith('Z'));

describe('a control plane without controllers', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(() => plane.stop());

  const pods = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

  it('takes a Pod in the default namespace and in a new one', async () => {
    await plane.createNamespace('made', { team: 'a' });
    for (const namespace of ['default', 'made']) {
      const made = await request(plane, { method: 'POST', path: pods(namespace), body: POD });
      expect(made).toMatchObject({ status: 201, warnings: [], body: { metadata: { namespace } } });
      // The ServiceAccount plugin has been there.
      expect(made.body).toMatchObject({ spec: { serviceAccountName: 'default' } });
    }
    const namespace = await request(plane, { method: 'GET', path: '/api/v1/namespaces/made' });
    expect(namespace.body).toMatchObject({ metadata: { labels: { team: 'a' } } });
  });

  it('refuses an impersonated user whom RBAC does not know', async () => {
    const as = plane.as('alice', ['devs']);
    const path = pods('default');
    const raw = await request(plane, { method: 'POST', path, body: POD, as });
    expect(raw).toMatchObject({ status: 403, body: { kind: 'Status', reason: 'Forbidden' } });

    const { core } = clientApi(plane, as);
    const refused = core.createNamespacedPod({ namespace: 'default', body: model(POD) });
    await expect(refused).rejects.toMatchObject({ code: 403 });

    const typed = await kubectl(plane, ['get', 'pods'], { as });
    expect(typed).toMatchObject({ code: 1, stdout: '' });
    expect(typed.stderr).toContain('User "alice" cannot list resource "pods"');
  });

  it('says who asks, group by group, to every client', async () => {
    const as = plane.as('alice', ['devs', 'on-call, weekends']);
    const groups = ['devs', 'on-call, weekends', 'system:authenticated'];
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const raw = await request(plane, { method: 'POST', path, body: review, as });
    expect(raw.body).toMatchObject({ status: { userInfo: { username: 'alice', groups } } });

    const { authentication } = clientApi(plane, as);
    const typed = await authentication.createSelfSubjectReview({ body: model({}) });
    expect(typed.status?.userInfo).toMatchObject({ username: 'alice', groups });

    const told = await kubectl(plane, ['auth', 'whoami', '-o', 'json'], { as });
    expect(JSON.parse(told.stdout)).toMatchObject({
      status: { userInfo: { username: 'alice', groups } },
    });
  });

  it('shows Warning headers as they were written', async () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    const containers = [{ name: 'main', image: 'registry.example/app:1', env }];
    const spec = { containers, nodeSelector: { [OLD_LABEL]: 'linux' }, 'wörld, "x"': 1 };
    const answer = await request(plane, {
      method: 'POST',
      path: pods('default'),
      query: { dryRun: 'All' },
      body: { ...POD, metadata: { name: 'warned' }, spec },
    });
    expect(answer.status).toBe(201);
    expect(answer.warnings).toEqual([
      'unknown field "spec.wörld, \\"x\\""',
      OLD_LABEL_WARNING,
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ]);
    const gone = await request(plane, { method: 'GET', path: `${pods('default')}/warned` });
    expect(gone.status).toBe(404);
  });

  it('shows them beside the typed API, those of the last answer', async () => {
    const api = clientApi(plane);
    const spec = { ...POD.spec, nodeSelector: { [OLD_LABEL]: 'linux' } };
    const made = await api.core.createNamespacedPod({
      namespace: 'default',
      body: model({ metadata: { name: 'typed' }, spec }),
    });
    expect(made.spec?.nodeSelector).toEqual({ [OLD_LABEL]: 'linux' });
    expect(api.observed).toEqual({ status: 201, warnings: [OLD_LABEL_WARNING] });
    await api.core.readNamespacedPod({ namespace: 'default', name: 'typed' });
    expect(api.observed).toEqual({ status: 200, warnings: [] });
  });

  it('applies two documents that kubectl reads from stdin', async () => {
    const document = (name: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { mode: "${name}" }\n`;
    const stdin = [document('first'), document('second')].join('---\n');
    const applied = await kubectl(plane, ['apply', '-f', '-'], { stdin });
    expect(applied).toEqual({
      code: 0,
      stdout: 'configmap/first created\nconfigmap/second created\n',
      stderr: '',
    });
    const path = '/api/v1/namespaces/default/configmaps/second';
    const read = await request(plane, { method: 'GET', path });
    expect(read.body).toMatchObject({ data: { mode: 'second' } });
  });

  it('answers text where the API server does, and keeps its log', async () => {
    const ready = await request(plane, { method: 'GET', path: '/readyz' });
    expect(ready).toEqual({ status: 200, body: 'ok', warnings: [] });
    expect(plane.logs('kube-apiserver', 100_000)).toContain('Serving securely on 127.0.0.1');
    expect(plane.logs('etcd', 3).split('\n')).toHaveLength(3);
  });
});

describe('a control plane with controllers', () => {
  let plane: ControlPlane;
  let dir: string;
  let before: string[];
  beforeAll(async () => {
    before = children();
    dir = await mkdtemp(join(tmpdir(), 'hushgate-audit-'));
    const policy = join(dir, 'policy.yaml');
    const rules = [{ level: 'Metadata', resources: [{ group: '', resources: ['pods'] }] }];
    const audit = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules };
    await writeFile(policy, JSON.stringify(audit));
    plane = await startControlPlane({
      controllerManager: true,
      apiServerArgs: [
        `--audit-policy-file=${policy}`,
        `--audit-log-path=${join(dir, 'audit.log')}`,
      ],
    });
  });
  afterAll(async () => {
    await plane.stop();
    await rm(dir, { recursive: true });
  });

  it('has Pods made of a Deployment by the ReplicaSet controller, under its own name', async () => {
    const { apps, core } = clientApi(plane);
    await plane.createNamespace('shop');
    const labels = { app: 'shop' };
    await apps.createNamespacedDeployment({
      namespace: 'shop',
      body: model({
        metadata: { name: 'shop' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: POD.spec },
        },
      }),
    });
    const names = await eventually('two Pods of the Deployment', async () => {
      const { items } = await core.listNamespacedPod({ namespace: 'shop' });
      return items.length === 2 ? items.map(({ metadata }) => metadata?.name ?? '') : undefined;
    });
    expect(names).toEqual([expect.stringMatching(/^shop-/), expect.stringMatching(/^shop-/)]);
    const log = (await readFile(join(dir, 'audit.log'), 'utf8')).trim().split('\n');
    const users = log
      .map((line) => JSON.parse(line) as { verb: string; user: { username: string } })
      .filter(({ verb }) => verb === 'create')
      .map(({ user }) => user.username);
    expect(new Set(users)).toEqual(
      new Set(['system:serviceaccount:kube-system:replicaset-controller']),
    );
  });

  it('leaves no process and no data behind', async () => {
    const programs = ['etcd', 'kube-apiserver', 'kube-controller'];
    const during = children().join(' ');
    for (const program of programs) expect(during).toContain(program);
    await plane.stop();
    expect(children()).toEqual(before);
    await expect(readFile(plane.kubeconfigPath)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(request(plane, { method: 'GET', path: '/readyz' })).rejects.toThrow(
      'ECONNREFUSED',
    );
  });
});

describe('what goes wrong', () => {
  it('tells how to get a missing program', () => {
    expect(() => findBinary('etcd', '')).toThrow(/KUBEBUILDER_ASSETS is not set.*setup-envtest/s);
    expect(() => findBinary('kube-controller-manager', '/nowhere')).toThrow(
      /\/nowhere\/kube-controller-manager is missing.*setup-envtest.*dl\.k8s\.io/s,
    );
    expect(() => findBinary('kubectl', '/nowhere')).not.toThrow(/dl\.k8s\.io/);
  });

  it('ends what it started when kube-apiserver does not start, and shows why', async () => {
    const before = children();
    const started = startControlPlane({ apiServerArgs: ['--no-such-flag'] });
    await expect(started).rejects.toThrow(
      /kube-apiserver ended: exit code 1[^]*unknown flag: --no-such-flag/,
    );
    expect(children()).toEqual(before);
  });

  it('takes its children along when the test process is killed', async () => {
    const harness = new URL('./harness/process.ts', import.meta.url).href;
    const script = `
      const { startProcess } = await import(${JSON.stringify(harness)});
      const options = { logFile: '/dev/null', env: {} };
      console.log((await startProcess('/bin/sleep', ['600'], options)).pid);
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(runs(pid)).toBe(true);
    owner.kill('SIGKILL');
    const outcome = eventually('the end of the child', () => (runs(pid) ? undefined : 'gone'));
    await expect(outcome).resolves.toBe('gone');
  });

  it('gives up waiting with the name of what it waited for', async () => {
    const never = eventually('a miracle', () => undefined, { timeoutMs: 20, intervalMs: 5 });
    await expect(never).rejects.toThrow('not within 20 ms: a miracle');
  });
});
