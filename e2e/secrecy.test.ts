// What the server may see, and what it never shows.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { FORMATS } from '../src/report/format.ts';
import { install, NAMESPACE, providedTls, RELEASE, reset, serverPods } from './support/chart.ts';
import { metricsOf, total } from './support/metrics.ts';
import { makeNamespace, podSpec, untilProbe, violator } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';

jest.setTimeout(240_000);

const DENIED = 'e2e-secrecy';
const WARNED = 'e2e-secrecy-warned';
const ROLLOUTS = 'test/crds/rollouts.argoproj.io.yaml';
const canary = `canary${randomBytes(12).toString('hex')}`;
/** A password in a URL, so that the policies on content take notice. */
const token = `postgres://app:${canary}@database.example/app`;
const encoded = Buffer.from(token).toString('base64');
/** A piece of it from the middle counts as well. */
const SHOWN = new RegExp(`${canary.slice(0, 20)}|${encoded.slice(24, 44)}`);

beforeAll(async () => {
  await reset();
  await kubectl('apply', '-f', ROLLOUTS);
  await kubectl('wait', '--for=condition=Established', '-f', ROLLOUTS);
  for (const namespace of [DENIED, WARNED]) await makeNamespace(namespace);
  await install({
    ...(await providedTls()),
    config: {
      profile: 'strict',
      onError: 'warn',
      namespaces: [{ match: [WARNED], profile: 'permissive' }],
    },
    server: { logLevel: 'debug' },
  });
  await untilProbe(DENIED, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  for (const namespace of [DENIED, WARNED]) {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  }
  await reset();
  await kubectl('delete', '-f', ROLLOUTS);
});

it('may use no Secret, and no API at all, with a provided certificate', async () => {
  const as = `--as=system:serviceaccount:${NAMESPACE}:${RELEASE}`;
  const { stdout } = await kubectl('auth', 'can-i', '--list', as, '-n', NAMESPACE, '--no-headers');
  const granted = stdout.split('\n').filter((line) => !line.startsWith(' ') && line.trim() !== '');
  const resources = granted.map((line) => line.split(/\s+/)[0] ?? '');
  expect(resources.sort()).toEqual([
    'selfsubjectaccessreviews.authorization.k8s.io',
    'selfsubjectreviews.authentication.k8s.io',
    'selfsubjectrulesreviews.authorization.k8s.io',
  ]);
  for (const verb of ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']) {
    const asked = await run('kubectl', ['auth', 'can-i', verb, 'secrets', as, '-A'], {
      allowFailure: true,
    });
    expect([verb, asked.stdout]).toEqual([verb, 'no']);
  }
});

interface Manifest {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata?: object;
  readonly [field: string]: unknown;
}

const container = violator('registry.example/app:1');
const podOf = (more: object) => ({ kind: 'Pod', spec: podSpec({ ...container, ...more }) });
const OBJECTS: Readonly<Record<string, Manifest>> = {
  Secret: { kind: 'Secret', data: { password: encoded }, stringData: { plain: token } },
  'Secret with a type': {
    kind: 'Secret',
    type: 'kubernetes.io/basic-auth',
    stringData: { password: token },
  },
  ConfigMap: { kind: 'ConfigMap', data: { config: `password: ${token}` } },
  'env literal': podOf({ env: [{ name: 'PASSWORD', value: token }] }),
  argument: podOf({ args: [`--token=${token}`] }),
  annotation: { ...podOf({}), metadata: { annotations: { 'example.com/url': token } } },
  // A text where a policy reads a map: it cannot be judged.
  'custom kind of wrong types': {
    ...podOf({ env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: token } }] }),
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
  },
};
const NAMES = Object.keys(OBJECTS);

const manifest = (name: string): Manifest => {
  const object = OBJECTS[name] ?? { kind: 'none' };
  const metadata = { ...object.metadata, name: `canary-${NAMES.indexOf(name)}` };
  return { apiVersion: 'v1', ...object, metadata };
};

it.each(NAMES)('would notice a value: %s', (name) => {
  expect(JSON.stringify(manifest(name))).toMatch(SHOWN);
});

const create = (name: string, namespace: string) =>
  kubectlWith(manifest(name), 'create', '-n', namespace, '-o', 'name', '-f', '-');

it.each(NAMES)('shows no value in a denial: %s', async (name) => {
  const { code, stderr } = await create(name, DENIED);
  const isSecret = OBJECTS[name]?.kind === 'Secret';
  // Of a Secret's content strict warns.
  expect(code).toBe(isSecret ? 0 : 1);
  expect(stderr).toMatch(isSecret ? /^Warning: secret-unmanaged/m : /hushgate\.dev" denied/);
  expect(stderr).not.toMatch(SHOWN);
});

it.each(NAMES)('shows no value in a warning: %s', async (name) => {
  const { code, stderr } = await create(name, WARNED);
  // Permissive audits what baseline warns of.
  const isQuiet = OBJECTS[name]?.kind === 'Secret';
  expect(code).toBe(0);
  expect(stderr).toMatch(isQuiet ? /^$/ : /^Warning: /);
  expect(stderr).not.toMatch(SHOWN);
});

it('shows no value when the object cannot be judged', async () => {
  const { stderr } = await create('custom kind of wrong types', DENIED);
  expect(stderr).toContain('not judged');
  expect(stderr).toContain('spec.containers[0].env[0].valueFrom.secretKeyRef');
});

it('shows no value in its log at debug level, in events or metrics', async () => {
  const selector = 'app.kubernetes.io/component=webhook';
  const log = (await kubectl('logs', '-n', NAMESPACE, '-l', selector, '--tail=-1')).stdout;
  const events = (await kubectl('get', 'events', '-A', '-o', 'json')).stdout;
  const metrics = (await Promise.all((await serverPods()).map(metricsOf))).join('\n');
  // Each channel carries something, so that its silence means something.
  for (const namespace of [DENIED, WARNED]) expect(log).toContain(`"object":"${namespace}/canary-`);
  for (const decision of ['denied', 'warned']) expect(log).toContain(`"decision":"${decision}"`);
  expect(total(metrics, 'hushgate_findings_total')).toBeGreaterThan(NAMES.length);
  expect(total(metrics, 'hushgate_not_judged_total')).toBeGreaterThan(0);
  expect(events).toContain(NAMESPACE);
  expect([log, events, metrics].join('\n')).not.toMatch(SHOWN);
});

it.each(FORMATS)('shows no value in a report: %s', async (format) => {
  const input = NAMES.map((name) => JSON.stringify(manifest(name))).join('\n---\n');
  const scan = ['src/bin/hushgate.ts', 'scan', '--profile', 'strict', '-o', format, '-f', '-'];
  const { code, stdout, stderr } = await run('node', scan, { input, allowFailure: true });
  // 2: it tells what it could not judge, too.
  expect(code).toBe(2);
  for (const policy of ['configmap-credential', 'credential-in-env', 'secret-env-ref']) {
    expect(stdout + stderr).toContain(policy);
  }
  expect(stdout + stderr).not.toMatch(SHOWN);
});
