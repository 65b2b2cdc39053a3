// What the server may see, and what it never shows.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { api } from './support/api.ts';
import { install, NAMESPACE, providedTls, RELEASE, reset } from './support/chart.ts';
import { makeNamespace, untilProbe, violatingDeployment } from './support/objects.ts';
import { kubectl } from './support/shell.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-secrecy';
const canary = `canary${randomBytes(12).toString('hex')}`;
/** A password in a URL, so that the policies on content take notice. */
const token = `postgres://app:${canary}@database.example/app`;
const answers: string[] = [];

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await install({
    ...(await providedTls()),
    config: { profile: 'strict' },
    server: { logLevel: 'debug' },
  });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
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
    const asked = await kubectl('auth', 'can-i', verb, 'secrets', as, '-A').catch(() => ({
      stdout: 'no',
    }));
    expect([verb, asked.stdout]).toEqual([verb, 'no']);
  }
});

const container = {
  ...violatingDeployment('x', 'registry.example/app:1').spec.template.spec.containers[0],
};
const encoded = Buffer.from(token).toString('base64');
const OBJECTS: readonly [path: string, object: Readonly<Record<string, unknown>>][] = [
  ['api/v1', { kind: 'Secret', data: { password: encoded }, stringData: { plain: token } }],
  ['api/v1', { kind: 'Secret', type: 'kubernetes.io/basic-auth', stringData: { password: token } }],
  ['api/v1', { kind: 'ConfigMap', data: { config: `password: ${token}` } }],
  [
    'api/v1',
    {
      kind: 'Pod',
      spec: { containers: [{ ...container, env: [{ name: 'PASSWORD', value: token }] }] },
    },
  ],
  ['api/v1', { kind: 'Pod', spec: { containers: [{ ...container, args: [`--token=${token}`] }] } }],
  // Of a wrong type where a policy reads: an error on the way.
  ['api/v1', { kind: 'Pod', spec: { containers: [{ ...container, env: token }] } }],
];

it('shows no value in any answer, in denials, warnings and errors', async () => {
  const statuses: number[] = [];
  for (const [root, object] of OBJECTS) {
    const kind = String(object['kind']).toLowerCase();
    const answer = await api({
      method: 'POST',
      path: `/${root}/namespaces/${TEAM}/${kind}s`,
      body: { apiVersion: 'v1', metadata: { generateName: 'canary-' }, ...object },
    });
    statuses.push(answer.status);
    // A created object comes back with its content from the API server, not from us.
    answers.push(answer.warnings.join('\n'));
    if (answer.status === 403) answers.push(JSON.stringify(answer.body));
  }
  expect(statuses).toContain(403);
  expect(answers.join('\n')).toContain('hushgate.dev');
  expect(answers.join('\n')).not.toMatch(
    new RegExp(`${canary.slice(0, 20)}|${encoded.slice(24, 44)}`),
  );
});

it('shows no value in its log at debug level, in events or metrics', async () => {
  const selector = 'app.kubernetes.io/component=webhook';
  const log = (await kubectl('logs', '-n', NAMESPACE, '-l', selector, '--tail=-1')).stdout;
  const events = (await kubectl('get', 'events', '-A', '-o', 'json')).stdout;
  const pods = await kubectl(
    'get',
    'pods',
    '-n',
    NAMESPACE,
    '-l',
    selector,
    '-o',
    'jsonpath={.items[*].metadata.name}',
  );
  const metrics: string[] = [];
  for (const pod of pods.stdout.split(' ')) {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}:9090/proxy/metrics`;
    metrics.push(String((await api({ method: 'GET', path })).body));
  }
  // Each channel carries something, so that its silence means something.
  expect(log).toContain(`"object":"${TEAM}/canary-`);
  expect(log).toContain('"decision":"denied"');
  expect(metrics.join('\n')).toMatch(/hushgate_findings_total\{.*\} [1-9]/);
  expect(events).toContain(NAMESPACE);
  const shown = [log, events, ...metrics].join('\n');
  expect(shown).not.toMatch(new RegExp(`${canary.slice(0, 20)}|${encoded.slice(24, 44)}`));
});
