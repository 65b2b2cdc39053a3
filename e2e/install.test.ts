// The chart with a Secret of the user's: it denies, warns, switches its mode, and goes without a trace.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { api, messageOf } from './support/api.ts';
import {
  install,
  NAMESPACE,
  providedTls,
  RELEASE,
  reset,
  restart,
  type Values,
} from './support/chart.ts';
import { startLoad, summary } from './support/load.ts';
import { makeNamespace, untilProbe, violatingDeployment } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-install';
let tls: Values;

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  tls = await providedTls();
  await install({ ...tls, config: { dryRun: true } });
  await untilProbe(TEAM, /would be denied/);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

it('answers helm test', async () => {
  const { stdout } = await run('helm', ['test', RELEASE, '-n', NAMESPACE, '--timeout', '60s']);
  expect(stdout).toMatch(/Phase:\s+Succeeded/);
});

it('runs two ready replicas that never restarted, within Pod Security restricted', async () => {
  const rule = 'pod-security.kubernetes.io/enforce=restricted';
  const labelled = await kubectl(
    'label',
    'namespace',
    NAMESPACE,
    rule,
    '--overwrite',
    '--dry-run=server',
  );
  expect(labelled.stderr).toBe('');
  const path =
    "{range .items[*]}{.status.containerStatuses[0].ready} {.status.containerStatuses[0].restartCount}{'\\n'}{end}";
  const component = '-l=app.kubernetes.io/component=webhook';
  const { stdout } = await kubectl(
    'get',
    'pods',
    '-n',
    NAMESPACE,
    component,
    '-o',
    `jsonpath=${path}`,
  );
  expect(stdout.split('\n')).toEqual(['true 0', 'true 0']);
});

describe('dry run', () => {
  it('denies nothing and warns of everything', async () => {
    const made = await kubectlWith(
      violatingDeployment('first', 'none'),
      'create',
      '-n',
      TEAM,
      '-f',
      '-',
    );
    expect(made.code).toBe(0);
    expect(made.stderr).toContain(
      'Warning: would be denied: secret-env-ref at spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef',
    );
  });

  it('is switched to enforcing by helm upgrade with no request lost', async () => {
    const load = startLoad(TEAM);
    await install({ ...tls, webhook: { failurePolicy: 'Fail' }, config: { dryRun: true } });
    await install({ ...tls, webhook: { failurePolicy: 'Fail' }, config: {} });
    await untilProbe(TEAM, /^403 .*secret-env-ref/s, 120_000);
    const result = await load.finish(300);
    process.stderr.write(`switch to enforcing: ${summary(result)}\n`);
    expect([...result.reasons]).toEqual([]);
  });
});

describe('enforcing', () => {
  // The second replica may still have the configuration before.
  beforeAll(restart);

  it('refuses a Deployment at the Deployment, and kubectl shows every finding', async () => {
    const made = await kubectlWith(
      violatingDeployment('second', 'none'),
      'create',
      '-n',
      TEAM,
      '-f',
      '-',
    );
    expect(made.code).toBe(1);
    expect(made.stderr).toContain('admission webhook "workloads.hushgate.dev" denied the request');
    expect(made.stderr).toContain(
      '- deny secret-env-ref at spec.template.spec.containers[0].env[0]',
    );
    const found = await kubectl('get', 'deployment', 'second', '-n', TEAM, '--ignore-not-found');
    expect(found.stdout).toBe('');
  });

  it('refuses a Role in kube-system, where workloads are left alone', async () => {
    const create = ['create', '-n', 'kube-system', '--dry-run=server', '-f', '-'];
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'lister' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    };
    const refused = await kubectlWith(role, ...create);
    expect(refused.stderr).toContain('admission webhook "objects.hushgate.dev" denied the request');
    const made = await kubectlWith(violatingDeployment('system', 'none'), ...create);
    expect([made.code, made.stderr]).toEqual([0, '']);
  });

  it('leaves its own namespace alone', async () => {
    const answer = await api({
      method: 'POST',
      path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      query: { dryRun: 'All' },
      body: violatingDeployment('own', 'none'),
    });
    expect([answer.status, answer.warnings]).toEqual([201, []]);
  });

  it('lets through what keeps a refused object alive: scale, status, deletion', async () => {
    const path = `/apis/apps/v1/namespaces/${TEAM}/deployments/first`;
    const scaled = await api({
      method: 'PATCH',
      path: `${path}/scale`,
      body: { spec: { replicas: 2 } },
    });
    expect(messageOf(scaled)).toContain('"replicas":2');
    expect((await api({ method: 'DELETE', path })).status).toBe(200);
  });
});
