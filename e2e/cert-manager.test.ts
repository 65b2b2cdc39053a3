// With cert-manager: what the chart asks it for, and a Secret and caBundle as it writes them. A stub stands
// in for cert-manager itself.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import {
  install,
  makeCertificates,
  NAMESPACE,
  RELEASE,
  reset,
  serverPods,
} from './support/chart.ts';
import { metricsOf, total } from './support/metrics.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';
import { defineOperatorKinds, removeOperatorKinds } from './support/stub-kinds.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-cert-manager';
const VALUES = { tls: { mode: 'certManager' }, webhook: { failurePolicy: 'Fail' } };
const CONFIGURATION = ['validatingwebhookconfiguration', RELEASE];

interface Pair {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}
let first: Pair;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As cert-manager's controller writes it: of type kubernetes.io/tls, with the CA beside the pair. */
async function writeSecret({ ca, cert, key }: Pair): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: `${RELEASE}-tls`,
      annotations: { 'cert-manager.io/certificate-name': `${RELEASE}-tls` },
    },
    data: { 'ca.crt': base64(ca), 'tls.crt': base64(cert), 'tls.key': base64(key) },
  };
  const how = ['apply', '--server-side', '--field-manager=cert-manager', '-n', NAMESPACE];
  expect(await kubectlWith(secret, ...how, '-f', '-')).toMatchObject({ code: 0 });
}

/** As cert-manager's CA injector writes it. */
async function injectCa(ca: string): Promise<void> {
  const found = JSON.parse((await kubectl('get', ...CONFIGURATION, '-o', 'json')).stdout) as {
    readonly webhooks: readonly { readonly clientConfig: object }[];
  };
  const webhooks = found.webhooks.map((webhook) => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle: base64(ca) },
  }));
  const how = ['--field-manager=cert-manager-cainjector', '--type=merge', '-p'];
  await kubectl('patch', ...CONFIGURATION, ...how, JSON.stringify({ webhooks }));
}

const bundles = async (): Promise<readonly string[]> => {
  const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}';
  return (await kubectl('get', ...CONFIGURATION, '-o', path)).stdout.split(' ');
};

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await defineOperatorKinds();
  first = await makeCertificates();
  await kubectl('create', 'namespace', NAMESPACE);
  await writeSecret(first);
  await install(VALUES);
  await injectCa(first.ca);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
  await removeOperatorKinds();
});

it('asks for a certificate of the Service, and for its CA in the webhook', async () => {
  const get = ['get', 'certificates.cert-manager.io', `${RELEASE}-tls`, '-n', NAMESPACE];
  const { spec } = JSON.parse((await kubectl(...get, '-o', 'json')).stdout) as {
    readonly spec: { readonly secretName: string; readonly dnsNames: readonly string[] };
  };
  expect(spec.secretName).toBe(`${RELEASE}-tls`);
  expect(spec.dnsNames).toContain(`${RELEASE}.${NAMESPACE}.svc`);
  const path = String.raw`jsonpath={.metadata.annotations.cert-manager\.io/inject-ca-from}`;
  const injected = await kubectl('get', ...CONFIGURATION, '-o', path);
  expect(injected.stdout).toBe(`${NAMESPACE}/${RELEASE}-tls`);
});

it('serves the certificate of the Secret, and answers helm test by its CA', async () => {
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
  const { stdout } = await run('helm', ['test', RELEASE, '-n', NAMESPACE, '--timeout', '60s']);
  expect(stdout).toMatch(/Phase:\s+Succeeded/);
});

it('keeps what the CA injector wrote through helm upgrade', async () => {
  await install({ ...VALUES, webhook: { ...VALUES.webhook, timeoutSeconds: 4 } });
  expect(await bundles()).toEqual([base64(first.ca), base64(first.ca)]);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});

it('serves a renewed certificate without a restart', async () => {
  const before = await serverPods();
  const next = await makeCertificates();
  await injectCa(first.ca + next.ca);
  await writeSecret(next);
  // The kubelet renews mounted Secrets within about a minute; at once where it has to look at the Pod.
  await kubectl('annotate', '-n', NAMESPACE, ...before, 'test=renewed');
  const expires = Date.parse(new X509Certificate(next.cert).validTo) / 1000;
  for (const pod of before) {
    await eventually(
      `${pod} serves the renewed certificate`,
      async () => {
        const metrics = await metricsOf(pod);
        const reloads = total(
          metrics,
          'hushgate_reloads_total',
          'what="certificate",result="success"',
        );
        const shown = metrics.includes(
          `hushgate_certificate_expiry_timestamp_seconds ${expires}\n`,
        );
        return reloads === 2 && shown ? true : undefined;
      },
      { timeoutMs: 150_000, intervalMs: 1000 },
    );
  }
  await injectCa(next.ca);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
  expect(await serverPods()).toEqual(before);
});
