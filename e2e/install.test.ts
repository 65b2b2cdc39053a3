// The chart with a Secret of the user's: it denies, warns, switches its mode, and goes without a trace.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isForAdmission } from '../src/engine/policy.ts';
import { catalogue } from '../src/policies/catalogue.ts';
import { REJECTED } from '../test/integration/support/rejected-fixtures.ts';
import { fixturesOf, type Fixture } from '../test/support/fixtures.ts';
import { api, messageOf } from './support/api.ts';
import { apply } from './support/apply.ts';
import {
  install,
  NAMESPACE,
  providedTls,
  RELEASE,
  reset,
  restart,
  type Values,
} from './support/chart.ts';
import { describeDocument, expectedPaths, hasOwnFacts } from './support/fixture-verdict.ts';
import { startLoad, summary } from './support/load.ts';
import { makeNamespace, untilProbe, violator, workload } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-install';
let tls: Values;

const leaking = (name: string) => workload('Deployment', name, violator('none'));

/** The policies that deny by default. */
const DENYING = catalogue.flatMap(({ meta }) =>
  isForAdmission(meta) && meta.modes.baseline === 'deny' ? meta.id : [],
);

/** Of a kind that every cluster has, and judged there as in its file. */
function isOfCluster(fixture: Fixture): boolean {
  const [document] = fixture.documents;
  const { apiVersion } = describeDocument(document);
  const isBuiltIn = !apiVersion.includes('.') || apiVersion.includes('.k8s.io/');
  const isTaken = REJECTED[fixture.file] === undefined;
  return fixture.verdict === 'fail' && isBuiltIn && isTaken && !hasOwnFacts(fixture);
}

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

it('allows one Pod to be evicted at a time', async () => {
  const allowed = 'jsonpath={.status.disruptionsAllowed}';
  const asked = await kubectl('get', 'pdb', RELEASE, '-n', NAMESPACE, '-o', allowed);
  expect(asked.stdout).toBe('1');
});

describe('dry run', () => {
  it('denies nothing: kubectl shows a warning, and the object is made', async () => {
    const made = await kubectlWith(leaking('first'), 'create', '-n', TEAM, '-f', '-');
    expect(made.code).toBe(0);
    expect(made.stderr).toContain(
      'Warning: would be denied: secret-env-ref at spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef',
    );
  });

  it.each(DENYING)('warns of what %s would deny', async (id) => {
    const shown = fixturesOf(id).filter(isOfCluster);
    expect(shown).not.toEqual([]);
    for (const fixture of shown.slice(0, 3)) {
      const { status, warnings } = await apply(fixture.documents[0]);
      const paths = warnings.flatMap(
        (text) => /^would be denied: (\S+) at (.*?): /.exec(text)?.slice(1).join(' ') ?? [],
      );
      expect([fixture.file, status]).toEqual([fixture.file, 201]);
      expect(paths).toEqual(
        expect.arrayContaining(expectedPaths(fixture).map((path) => `${id} ${path}`)),
      );
    }
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
    const made = await kubectlWith(leaking('second'), 'create', '-n', TEAM, '-f', '-');
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
    const made = await kubectlWith(leaking('system'), ...create);
    expect([made.code, made.stderr]).toEqual([0, '']);
  });

  it('leaves its own namespace alone', async () => {
    const answer = await api({
      method: 'POST',
      path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      query: { dryRun: 'All' },
      body: leaking('own'),
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
