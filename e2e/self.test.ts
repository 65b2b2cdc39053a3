// The default install: the server makes its certificate, keeps it in its Secret, and renews it in time.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import { install, NAMESPACE, RELEASE, reset, template, uninstall } from './support/chart.ts';
import { startLoad, summary } from './support/load.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl, run } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-self';
const ENOUGH = 1243;
/** Renewed after 60 s, switched 10 s later, the old CA out at 90 s. */
const SHORT = { tls: { life: '90s' } };
const SECRET = ['get', 'secret', `${RELEASE}-tls`, '-n', NAMESPACE, '-o'];

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await install({});
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

/** Everything that an upgrade must not reset. */
async function kept(): Promise<readonly string[]> {
  const secret = await kubectl(...SECRET, 'jsonpath={.data}');
  const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}';
  const bundle = await kubectl('get', 'validatingwebhookconfiguration', RELEASE, '-o', path);
  return [secret.stdout, bundle.stdout];
}

const authorities = async (): Promise<number> => {
  const [bundle = ''] = ((await kept())[1] ?? '').split(' ');
  return Buffer.from(bundle, 'base64').toString().split('BEGIN CERTIFICATE').length - 1;
};

describe('an installed release', () => {
  it('answers helm test by its own CA', async () => {
    const { stdout } = await run('helm', ['test', RELEASE, '-n', NAMESPACE, '--timeout', '60s']);
    expect(stdout).toMatch(/Phase:\s+Succeeded/);
  });

  it('may do nothing but keep its own Secret, Lease and webhook', async () => {
    const as = `--as=system:serviceaccount:${NAMESPACE}:${RELEASE}`;
    const list = ['auth', 'can-i', '--list', '--no-headers', as];
    const { stdout } = await kubectl(...list, '-n', NAMESPACE);
    const granted = stdout
      .split('\n')
      .map((line) => line.trim().replaceAll(/\s+/g, ' '))
      .filter((line) => !line.startsWith('[/') && !line.startsWith('self'));
    expect(granted.sort()).toEqual([
      `leases.coordination.k8s.io [] [${RELEASE}] [get update]`,
      `secrets [] [${RELEASE}-tls] [get update]`,
      `validatingwebhookconfigurations.admissionregistration.k8s.io [] [${RELEASE}] [get patch]`,
    ]);
    const elsewhere = await kubectl(...list, '-n', TEAM);
    expect(elsewhere.stdout).not.toContain('secrets');
  });

  it('keeps its certificate through helm upgrade, and a re-apply by client and server', async () => {
    const before = await kept();
    expect(before.join()).toContain('tls.crt');
    await install({ podAnnotations: { test: 'upgrade' } });
    expect(await kept()).toEqual(before);
    const text = await template({}, '--no-hooks');
    for (const how of [['--server-side', '--force-conflicts'], []]) {
      const apply = ['apply', '-n', NAMESPACE, ...how, '-f', '-'];
      await run('kubectl', apply, { input: text });
      expect(await kept()).toEqual(before);
    }
    await untilProbe(TEAM, /^403 .*secret-env-ref/s);
  });
});

it('renews CA and certificate under load without a failed request', async () => {
  await install({ ...SHORT, webhook: { failurePolicy: 'Fail' } });
  // Certificates of the long life go first, so that the short one counts from now on.
  await kubectl(
    'patch',
    'secret',
    `${RELEASE}-tls`,
    '-n',
    NAMESPACE,
    '--type=merge',
    '-p',
    '{"data":null}',
  );
  await eventually(
    'the certificate is made anew',
    async () => ((await kept())[0]?.includes('tls.crt') === true ? true : undefined),
    { timeoutMs: 60_000 },
  );
  await untilProbe(TEAM, /^403 .*secret-env-ref/s, 60_000);
  const [first] = await kept();
  let most = 0;
  const load = startLoad(TEAM);
  await eventually(
    'another certificate is in use',
    async () => {
      most = Math.max(most, await authorities());
      const now = await kubectl(...SECRET, 'jsonpath={.data.tls\\.crt}');
      return now.stdout !== '' && first?.includes(now.stdout) === false ? true : undefined;
    },
    { timeoutMs: 150_000, intervalMs: 1000 },
  );
  const atSwitch = load.answered();
  const result = await load.finish(Math.max(ENOUGH, atSwitch + 500));
  process.stderr.write(`rotation: ${summary(result)}\n`);
  expect(most).toBeGreaterThan(1);
  expect(result.sent).toBeGreaterThanOrEqual(ENOUGH);
  expect([...result.reasons]).toEqual([]);
});

it('leaves nothing behind that blocks anything when it is uninstalled', async () => {
  const { stdout } = await uninstall();
  expect(stdout).toContain(`release "${RELEASE}" uninstalled`);
  const kinds = [
    'validatingwebhookconfigurations,clusterroles,clusterrolebindings',
    'deployments,services,secrets,configmaps,leases,roles,rolebindings,serviceaccounts,poddisruptionbudgets,jobs',
  ];
  const selector = ['-l', `app.kubernetes.io/instance=${RELEASE}`, '-o', 'name'];
  const left = await kubectl('get', kinds.join(), '-A', ...selector);
  expect(left.stdout).toBe('');
  await untilProbe(TEAM, /^201 $/);
  await kubectl('delete', 'namespace', NAMESPACE, '--timeout=60s');
});
