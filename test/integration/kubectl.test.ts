// What people see who use kubectl.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { only } from './support/configuration.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

let dir: string;
let plane: ControlPlane;
let webhook: WebhookServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hushgate-kubectl-'));
  plane = await startControlPlane();
  webhook = await startWebhook(plane, {
    configuration: only({
      'secret-env-ref': 'profile',
      'secret-last-applied': 'profile',
      'secret-legacy-token': 'profile',
    }),
  });
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
  await rm(dir, { recursive: true });
});

const file = async (name: string, text: string): Promise<string> => {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
};

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: default
spec:
  containers:
    - name: app
      image: registry.example/web:1
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: { name: db, key: password }
`;

const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: db, namespace: default }
stringData: { password: canary-5ac1e }
`;

const configMap = (name: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: default }
data: { mode: fast }
`;

const DENIAL = `admission webhook "validate.hushgate.dev" denied the request: 1 finding denies Pod default/web:
- deny secret-env-ref at spec.containers[0].env[0].valueFrom.secretKeyRef: env DB_PASSWORD of container app comes from Secret db: every process, crash dump and \`kubectl exec -- env\` shows it, and a rotation does not reach it. Fix: mount it: volumes: [{name: db, secret: {secretName: db, defaultMode: 0440}}], volumeMounts: [{name: db, mountPath: /run/secrets/db, readOnly: true}]
`;

describe('kubectl apply of a file with several documents', () => {
  it('lands the good ones, refuses the bad one and says why', async () => {
    const path = await file('app.yaml', [configMap('a'), POD, configMap('b')].join('---\n'));
    expect(await kubectl(plane, ['apply', '-f', path])).toEqual({
      code: 1,
      stdout: 'configmap/a created\nconfigmap/b created\n',
      stderr: `Error from server (Forbidden): error when creating "${path}": ${DENIAL}`,
    });
    const mended = POD.replace(/ {6}env:[^]*/, '');
    const good = await file('good.yaml', [configMap('a'), mended].join('---\n'));
    expect(await kubectl(plane, ['apply', '-f', good])).toEqual({
      code: 0,
      stdout: 'configmap/a unchanged\npod/web created\n',
      stderr: '',
    });
  });
});

describe('server-side apply', () => {
  it('gets the same verdict, creating and changing', async () => {
    const applied = POD.replace('name: web', 'name: ssa');
    const clean = applied.replace(/ {6}env:[^]*/, '');
    const apply = (stdin: string) =>
      kubectl(plane, ['apply', '--server-side', '-f', '-'], { stdin });
    expect(await apply(applied)).toEqual({
      code: 1,
      stdout: '',
      stderr: `Error from server (Forbidden): ${DENIAL.replace('default/web', 'default/ssa')}`,
    });
    expect(await apply(clean)).toEqual({
      code: 0,
      stdout: 'pod/ssa serverside-applied\n',
      stderr: '',
    });
    const relabelled = clean.replace('  name: ssa', '  name: ssa\n  labels: { tier: front }');
    expect(await apply(relabelled)).toMatchObject({ code: 0, stderr: '' });
  });

  it('of a Secret passes without a warning', async () => {
    const stdin = SECRET.replace('name: db', 'name: server-side');
    const applied = await kubectl(plane, ['apply', '--server-side', '-f', '-'], { stdin });
    expect(applied).toEqual({
      code: 0,
      stdout: 'secret/server-side serverside-applied\n',
      stderr: '',
    });
  });
});

describe('a Secret', () => {
  it('by client-side apply is warned of, without its value', async () => {
    const applied = await kubectl(plane, ['apply', '-f', '-'], { stdin: SECRET });
    expect(applied).toEqual({
      code: 0,
      stdout: 'secret/db created\n',
      stderr:
        'Warning: secret-last-applied at metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]: the last-applied-configuration annotation repeats the data of this Secret in plain metadata, where it outlives a rotation. Fix: remove the annotation, then kubectl apply --server-side\n',
    });
    expect(webhook.log.decisions({ object: 'default/db' })).toMatchObject([
      { decision: 'warned', policies: ['secret-last-applied:warn'] },
    ]);
    expect(JSON.stringify(webhook.log.lines)).not.toMatch(/canary|Y2FuYXJ5/);
  });

  it('by create passes without a warning', async () => {
    const made = await kubectl(plane, [
      'create',
      'secret',
      'generic',
      'plain',
      '--from-literal=a=b',
    ]);
    expect(made).toEqual({ code: 0, stdout: 'secret/plain created\n', stderr: '' });
  });

  it('that holds a token that never expires is warned of', async () => {
    const stdin = `apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata:
  name: token
  annotations: { kubernetes.io/service-account.name: default }
`;
    expect(await kubectl(plane, ['create', '-f', '-'], { stdin })).toMatchObject({
      code: 0,
      stdout: 'secret/token created\n',
      stderr: expect.stringMatching(/^Warning: secret-legacy-token at type: [^\n]+\n$/),
    });
  });
});

describe('the README', () => {
  it('shows what kubectl prints of a denial under the default configuration', async () => {
    const readme = await readFile('README.md', 'utf8');
    const [, args = '', printed] = /```console\n\$ kubectl (.*)\n([^]*?)```/.exec(readme) ?? [];
    await webhook.configure({});
    const { code, stdout, stderr } = await kubectl(plane, args.split(' '));

    expect([code, stdout + stderr]).toEqual([1, printed]);
  });
});
