// Who a scan of a cluster comes as, and that without access, or without a server, it is never a pass.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';
import { between } from './support/between.ts';
import {
  clientAuthority,
  type ClientAuthority,
  type ClientPair,
} from './support/client-certificates.ts';
import { apply, lines, reportOf, scanCluster } from './support/scan-cluster.ts';

jest.setTimeout(180_000);

const CANARY = 'canary-b25seWZvcnRlc3Rz';
const MASTERS = 'system:masters';
const RBAC = 'rbac.authorization.k8s.io';

let folder: string;
let clients: ClientAuthority;
let plane: ControlPlane;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-access-'));
  clients = await clientAuthority();
  const clientCa = await file('clients.crt', clients.pem);
  plane = await startControlPlane({
    apiServerArgs: [
      `--client-ca-file=${clientCa}`,
      // Continue tokens expire when etcd is compacted: every five minutes, were it not for this.
      '--etcd-compaction-interval=1s',
    ],
  });
  await plane.createNamespace('shop');
  await apply(plane, ...NAMES.map(deployment));
});
afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

const NAMES = ['web-a', 'web-b', 'web-c'];
const AT = 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef';
const WEBS = NAMES.map((name) => `secret-env-ref Deployment shop/${name} ${AT}`);

function deployment(name: string): object {
  const labels = { app: name };
  const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }];
  const spec = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true },
    containers: [{ name: 'app', image: 'a', env }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** An exec plugin that prints what stands in a file beside it, once it is told the version. */
async function plugin(name: string, status: object): Promise<object> {
  const apiVersion = 'client.authentication.k8s.io/v1';
  const script = `#!/bin/sh
case "$KUBERNETES_EXEC_INFO-$WHO" in *${apiVersion}\\"*-jane) cat "${join(folder, name)}.json";; *) exit 1;; esac
`;
  await file(`${name}.json`, JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
  await chmod(await file(name, script), 0o700);
  const env = [{ name: 'WHO', value: 'jane' }];
  return { exec: { apiVersion, command: `./${name}`, interactiveMode: 'Never', env } };
}

interface Config {
  readonly name?: string;
  readonly server?: string;
}

/** A kubeconfig file with one context, cluster and user of this name. */
function kubeconfig(path: string, user: object, { name = path, server }: Config = {}) {
  const ca = { 'certificate-authority-data': Buffer.from(plane.caPem).toString('base64') };
  const cluster = server === undefined ? { server: plane.url, ...ca } : { server };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return file(path, JSON.stringify(config));
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const certificate = ({ cert, key }: ClientPair): object => ({
  'client-certificate-data': base64(cert),
  'client-key-data': base64(key),
});

/** Each way to be somebody, as a kubeconfig user. */
const WAYS: Readonly<Record<string, () => Promise<object>>> = {
  'a client certificate': async () => certificate(await clients.issue('jane', MASTERS)),
  'the files of a client certificate': async () => {
    const { cert, key } = await clients.issue('jane', MASTERS);
    await file('jane.crt', cert);
    await file('jane.key', key);
    return { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' };
  },
  'a bearer token': () => Promise.resolve({ token: plane.token }),
  'a tokenFile, with a newline at its end and over a token': async () => {
    await file('token', `${plane.token}\n`);
    return { tokenFile: 'token', token: 'outdated' };
  },
  'the token of an exec plugin': () => plugin('token-plugin', { token: plane.token }),
  'the client certificate of an exec plugin': async () => {
    const { cert, key } = await clients.issue('jane', MASTERS);
    return plugin('cert-plugin', { clientCertificateData: cert, clientKeyData: key });
  },
};

describe('a scan of a cluster comes as who the kubeconfig file says', () => {
  it.each(Object.keys(WAYS))('by %s', async (way) => {
    const user = (await WAYS[way]?.()) ?? {};
    const report = await reportOf(await kubeconfig('way', user));
    expect([lines(report), report.errors, report.code]).toEqual([WEBS, [], 1]);
    expect(report.cluster).toBe('way');
  });

  it('of several in KUBECONFIG, by the context that --context names', async () => {
    const nobody = certificate(await clients.issue('nobody', 'none'));
    const paths = [
      join(folder, 'missing'),
      await kubeconfig('nobody', nobody),
      await kubeconfig('first', { token: plane.token }, { name: 'admin' }),
      await kubeconfig('second', { token: 'outdated' }, { name: 'admin' }),
    ];
    const environment = { KUBECONFIG: paths.join(delimiter) };
    const admin = await reportOf(undefined, ['--context', 'admin'], environment);
    expect([lines(admin), admin.code, admin.cluster]).toEqual([WEBS, 1, 'admin']);
    const current = await reportOf(undefined, [], environment);
    expect([lines(current), current.code, current.cluster]).toEqual([[], 2, 'nobody']);
  });
});

describe('a scan of a cluster without access is no pass', () => {
  const refused = 'the API server does not accept the credentials (401)';

  it.each<readonly [string, () => Promise<object>, string]>([
    ['a token that is none', () => Promise.resolve({ token: CANARY }), refused],
    [
      'an expired client certificate',
      async () => certificate(await clients.issue('jane', MASTERS, 'expired')),
      refused,
    ],
    [
      'a tokenFile that is not there',
      () => Promise.resolve({ tokenFile: 'nowhere' }),
      'no credentials for the cluster: cannot read FOLDER/nowhere: ENOENT',
    ],
    [
      'an exec plugin that is not there',
      () => Promise.resolve({ exec: { command: './nowhere', args: [CANARY] } }),
      'no credentials for the cluster: cannot start FOLDER/nowhere: ENOENT',
    ],
    [
      'an exec plugin that fails',
      () =>
        Promise.resolve({ exec: { command: 'sh', args: ['-c', `echo ${CANARY} >&2; exit 1`] } }),
      'no credentials for the cluster: the command that the kubeconfig file names for it has failed: run it by itself to see why',
    ],
  ])('with %s', async (_, user, message) => {
    const { code, stdout, stderr } = await scanCluster(await kubeconfig('denied', await user()));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replaceAll(folder, 'FOLDER')).toBe(`hushgate: ${message}\n`);
  });

  it('with a context that is not there', async () => {
    const path = await kubeconfig('one', { token: plane.token });
    const { code, stdout, stderr } = await scanCluster(path, ['--context', 'other']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('hushgate: the kubeconfig file has no context "other"\n');
  });

  it('with a user who may list nothing: each kind is told', async () => {
    const user = certificate(await clients.issue('nobody', 'none'));
    const report = await reportOf(await kubeconfig('nobody', user));
    expect([report.findings, report.summary.objects, report.code]).toEqual([[], 0, 2]);
    const { message } = report.errors.find(({ file: of }) => of.endsWith('/pods')) ?? {};
    expect(message).toBe(
      'not allowed to list pods (403): grant the verb "list" on the resource "pods" of the API group ""',
    );
  });

  it('with a user who may list all but roles: bindings are not judged', async () => {
    const rules = [
      { apiGroups: [RBAC], resources: ['clusterrolebindings'], verbs: ['list'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
    ];
    const metadata = { name: 'lister' };
    const apiVersion = `${RBAC}/v1`;
    const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: 'lister' };
    const subjects = [{ apiGroup: RBAC, kind: 'User', name: 'lister' }];
    await apply(
      plane,
      { apiVersion, kind: 'ClusterRole', metadata, rules },
      { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
    );
    const user = certificate(await clients.issue('lister', 'none'));
    const report = await reportOf(await kubeconfig('lister', user));
    expect([lines(report), report.code]).toEqual([WEBS, 2]);
    const told = report.errors.map(({ file: of, message }) => `${of} ${message}`);
    expect(told).toContainEqual(
      expect.stringMatching(/^cluster:lister\/clusterroles\.\S+ not allowed to list/),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/\/lister not judged by rbac-secrets-cluster-wide/),
    );
  });
});

describe('a list in pages', () => {
  const isSecondPage = (path: string): boolean =>
    path.includes('/deployments?') && path.includes('continue=');

  it('of a server that goes away: what was judged is told, the rest is not judged', async () => {
    const relay = await between(plane, (path) => Promise.resolve(!isSecondPage(path)));
    const path = await kubeconfig('gone', {}, { server: relay.url });
    const report = await reportOf(path, ['--chunk-size', '1']);
    expect([lines(report), report.code]).toEqual([[WEBS[0]], 2]);
    expect(report.errors).toHaveLength(1);
    expect(report.errors[0]?.file).toBe('cluster:gone/deployments.apps');
    expect(report.errors[0]?.message).toMatch(
      /^the API server at \S+ cannot be reached: \w+; after that nothing was asked for: .*\bpods\b/,
    );
  });

  it('goes on where its token has expired (410 Gone), and tells each object once', async () => {
    let waited = false;
    const expired = async (path: string): Promise<boolean> => {
      if (!isSecondPage(path) || waited) return true;
      waited = true;
      const { pathname, searchParams } = new URL(path, plane.url);
      const query = Object.fromEntries(searchParams);
      await eventually('the token has expired', async () => {
        await plane.createNamespace(`later-${performance.now().toFixed(0)}`);
        const { status } = await request(plane, { method: 'GET', path: pathname, query });
        return status === 410 ? true : undefined;
      });
      return true;
    };
    const relay = await between(plane, expired);
    const path = await kubeconfig('slow', {}, { server: relay.url });
    const report = await reportOf(path, ['--chunk-size', '1']);
    relay.close();
    expect(relay.passed.filter(({ status }) => status === 410)).toHaveLength(1);
    expect([lines(report), report.errors, report.code]).toEqual([WEBS, [], 1]);
  });
});
