// The default install: the server makes its certificate, keeps it in its Secret, and renews it in time.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import {
  gone,
  install,
  NAMESPACE,
  RELEASE,
  reset,
  serverPods,
  template,
  uninstall,
} from './support/chart.ts';
import { ENOUGH, startLoad, summary } from './support/load.ts';
import { metricsOf, total } from './support/metrics.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl, run } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-self';
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

/** The CA of the certificate in use, in PEM. */
async function current(): Promise<string | undefined> {
  const { stdout } = await kubectl(...SECRET, String.raw`jsonpath={.data.ca\.crt}`);
  return stdout === '' ? undefined : Buffer.from(stdout, 'base64').toString();
}

/** Those that the webhook trusts. */
async function trusted(): Promise<readonly string[]> {
  const [bundle = ''] = ((await kept())[1] ?? '').split(' ');
  return Buffer.from(bundle, 'base64')
    .toString()
    .split(/(?=-----BEGIN)/);
}

/** What `kubectl auth can-i --list` tells beyond what everybody may: to discover, and to ask about oneself. */
async function granted(as: string, namespace: string): Promise<readonly string[]> {
  const list = ['auth', 'can-i', '--list', '--no-headers', as, '-n', namespace];
  return (await kubectl(...list)).stdout
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => !line.startsWith('[/') && !line.startsWith('self'))
    .sort();
}

describe('an installed release', () => {
  it('answers helm test by its own CA', async () => {
    const { stdout } = await run('helm', ['test', RELEASE, '-n', NAMESPACE, '--timeout', '60s']);
    expect(stdout).toMatch(/Phase:\s+Succeeded/);
  });

  it('may do nothing but keep its own Secret, Lease and webhook', async () => {
    const as = `--as=system:serviceaccount:${NAMESPACE}:${RELEASE}`;
    expect(await granted(as, NAMESPACE)).toEqual([
      `leases.coordination.k8s.io [] [${RELEASE}] [get update]`,
      `secrets [] [${RELEASE}-tls] [get update]`,
      `validatingwebhookconfigurations.admissionregistration.k8s.io [] [${RELEASE}] [get patch]`,
    ]);
    expect((await granted(as, TEAM)).join()).not.toContain('secrets');
  });

  it('may, to uninstall, do nothing but delete its own webhook', async () => {
    const as = `--as=system:serviceaccount:${NAMESPACE}:${RELEASE}-uninstall`;
    expect(await granted(as, NAMESPACE)).toEqual([
      `validatingwebhookconfigurations.admissionregistration.k8s.io [] [${RELEASE}] [delete]`,
    ]);
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
  const old = await serverPods();
  await install({ ...SHORT, webhook: { failurePolicy: 'Fail' } });
  // One that drains still knows the long life, and might be the one that makes the certificate.
  await gone(old);
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
  const first = await eventually('the certificate is made anew', current, { timeoutMs: 60_000 });
  expect(Date.parse(new X509Certificate(first).validTo) - Date.now()).toBeLessThan(90_000);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s, 60_000);
  let most = 0;
  const load = startLoad(TEAM);
  await eventually(
    'the CA is another',
    async () => {
      const now = await trusted();
      most = Math.max(most, now.length);
      return now.some((ca) => ca.trim() === first.trim()) ? undefined : true;
    },
    { timeoutMs: 180_000, intervalMs: 1000 },
  );
  const result = await load.finish(Math.max(ENOUGH, load.answered() + 100));
  process.stderr.write(`rotation: ${summary(result)}\n`);
  expect(most).toBeGreaterThan(1);
  expect(result.sent).toBeGreaterThanOrEqual(ENOUGH);
  expect([...result.reasons]).toEqual([]);
  for (const pod of await serverPods()) {
    const renewed = 'what="certificate",result="success"';
    const reloads = total(await metricsOf(pod), 'hushgate_reloads_total', renewed);
    expect(reloads).toBeGreaterThanOrEqual(2);
  }
});

it('is uninstalled without a failed request, and leaves nothing that blocks anything', async () => {
  const load = startLoad(TEAM);
  const { stdout } = await uninstall();
  const result = await load.finish();
  process.stderr.write(`uninstall: ${summary(result)}\n`);
  expect(stdout).toContain(`release "${RELEASE}" uninstalled`);
  // The webhook went before the server did, or these would have been refused.
  expect([...result.reasons]).toEqual([]);
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
