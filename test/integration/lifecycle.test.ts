// The server goes, comes back, gets new files and drains while the API server goes on asking.
import { connect } from 'node:tls';
import { request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { KEEP_ALIVE } from '../../src/server/app.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { configurationText, only } from './support/configuration.ts';
import { fromSecret, pod, type Variable } from './support/objects.ts';
import {
  arrival,
  issue,
  register,
  RULES,
  startServer,
  type WebhookServer,
} from './support/webhook.ts';

jest.setTimeout(120_000);

const PODS = 'pods';
const DENY = only({ 'secret-env-ref': 'deny' });

let plane: ControlPlane;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await plane.stop();
});

interface Site {
  readonly namespace: string;
  readonly webhook: WebhookServer;
  /** A dry-run create of a Pod. */
  readonly create: (...env: readonly Variable[]) => Promise<ApiResponse>;
}

const creator =
  (namespace: string): Site['create'] =>
  (...env) =>
    request(plane, {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/${PODS}`,
      body: pod('web', ...env),
      query: { dryRun: 'All' },
    });

/** A namespace with a webhook of its own. */
async function site(
  namespace: string,
  failurePolicy: 'Fail' | 'Ignore',
  options: Parameters<typeof startServer>[0] = {},
  moreCa = '',
): Promise<Site> {
  await plane.createNamespace(namespace);
  const webhook = await startServer({ configuration: DENY, ...options });
  await register(plane, {
    name: namespace,
    url: webhook.server.url,
    caCert: webhook.certificates.caCert + moreCa,
    rules: RULES,
    failurePolicy,
    namespace,
  });
  await arrival(plane, webhook.log, namespace);
  return { namespace, webhook, create: creator(namespace) };
}

const metric = async ({ webhook }: Site, line: string): Promise<boolean> =>
  (await (await fetch(webhook.server.metricsUrl)).text()).split('\n').includes(line);
const reloaded = (what: string, success: 0 | 1): string =>
  `hushgate_last_reload_success{what="${what}"} ${success}`;

describe('failurePolicy Fail', () => {
  it('refuses while the server is down, and goes on when it is back', async () => {
    const { webhook, create } = await site('down', 'Fail');
    expect(await create()).toMatchObject({ status: 201 });
    await webhook.stop();
    expect(await create()).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining('failed calling webhook "validate.hushgate.dev"') },
    });
    // What keeps the cluster alive is not asked about.
    const as = plane.as('system:apiserver', ['system:masters']);
    const role = { metadata: { name: 'bootstrap' }, rules: [] };
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/down/roles';
    expect(await request(plane, { method: 'POST', path, body: role })).toMatchObject({
      status: 500,
    });
    expect(await request(plane, { method: 'POST', path, body: role, as })).toMatchObject({
      status: 201,
    });

    const { certificates, server } = webhook;
    const again = await startServer(
      { configuration: DENY, certificates },
      Number(new URL(server.url).port),
    );
    stops.push(again.stop);
    expect(await create()).toMatchObject({ status: 201 });
    expect(await create(fromSecret())).toMatchObject({ status: 403 });
  });
});

describe('the configuration file', () => {
  it('changes verdicts while the server runs; a broken one leaves the last good one', async () => {
    const here = await site('reload', 'Fail');
    const { webhook, create } = here;
    stops.push(webhook.stop);
    expect(await create(fromSecret())).toMatchObject({ status: 403 });
    await webhook.configure(only({ 'secret-env-ref': 'warn' }));
    expect(await create(fromSecret())).toMatchObject({
      status: 201,
      warnings: [expect.anything()],
    });
    expect(await metric(here, reloaded('configuration', 1))).toBe(true);

    const broken = configurationText({ profile: 'lenient' });
    const line = await webhook.log.after(
      'the new configuration is broken; the last good one stays',
      () => webhook.configurationFolder.replace({ 'hushgate.yaml': broken }),
    );
    expect(line).toMatchObject({
      level: 'error',
      mistakes: [expect.stringMatching(/hushgate\.yaml:2:\d+: profile must be /)],
    });
    expect(await metric(here, reloaded('configuration', 0))).toBe(true);
    expect(await create(fromSecret())).toMatchObject({
      status: 201,
      warnings: [expect.anything()],
    });

    await webhook.configure(DENY);
    expect(await create(fromSecret())).toMatchObject({ status: 403 });
    expect(await metric(here, reloaded('configuration', 1))).toBe(true);
  });
});

const served = async (url: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
};

describe('the certificate', () => {
  it('is replaced under load without a failed create; a broken pair is not taken', async () => {
    const next = await issue();
    const here = await site('certificate', 'Fail', {}, next.caCert);
    const { webhook, create } = here;
    stops.push(webhook.stop);
    const { url } = webhook.server;
    const first = await served(url);
    const replace = (cert: string, key: string): Promise<void> =>
      webhook.certificateFolder.replace({ 'tls.crt': cert, 'tls.key': key });
    const statuses: number[] = [];
    let going = true;
    // Ten at once: more than one connection, so that there are handshakes before and after.
    const load = Array.from({ length: 10 }, async () => {
      while (going) statuses.push((await create()).status);
    });
    await eventually('some creates', () => (statuses.length > 20 ? true : undefined));
    await webhook.log.after('the new certificate is broken; the last good one stays', () =>
      replace(next.cert, webhook.certificates.key),
    );
    expect(await metric(here, reloaded('certificate', 0))).toBe(true);
    expect(await served(url)).toBe(first);
    await webhook.log.after('certificate reloaded', () => replace(next.cert, next.key));
    expect(await metric(here, reloaded('certificate', 1))).toBe(true);
    expect(await served(url)).not.toBe(first);
    const atReload = statuses.length;
    await eventually('more creates', () => (statuses.length > atReload + 20 ? true : undefined));
    going = false;
    await Promise.all(load);
    expect(new Set(statuses)).toEqual(new Set([201]));
  });
});

describe('a drain', () => {
  const get = async ({ webhook }: Site, path: string): Promise<IncomingMessage> => {
    const sent = httpsRequest(new URL(path, webhook.server.url), {
      ca: webhook.certificates.caCert,
      agent: false,
      headers: { connection: 'keep-alive' },
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  };

  it('is not ready at once, answers on, closes connections, and loses nothing', async () => {
    const here = await site('drain', 'Ignore', { drainMs: 10_000 });
    const { webhook, create } = here;
    const before = await get(here, '/readyz');
    expect([before.statusCode, before.headers.connection]).toEqual([200, 'keep-alive']);
    // Violating Pods under Ignore: one that is not answered is admitted.
    const statuses: number[] = [];
    let going = true;
    const load = Array.from({ length: 4 }, async () => {
      while (going) statuses.push((await create(fromSecret())).status);
    });
    await eventually('some creates', () => (statuses.length > 20 ? true : undefined));
    const stopped = webhook.stop();
    const after = await get(here, '/readyz');
    expect([after.statusCode, after.headers.connection]).toEqual([503, 'close']);
    expect((await get(here, '/livez')).statusCode).toBe(200);
    const atOrder = statuses.length;
    await eventually('more creates', () => (statuses.length > atOrder + 20 ? true : undefined));
    going = false;
    await Promise.all(load);
    expect(webhook.log.lines.at(-1)?.msg).not.toBe('stopped');
    expect(new Set(statuses)).toEqual(new Set([403]));
    await stopped;
    expect(webhook.log.lines.at(-1)?.msg).toBe('stopped');
    // Only now the server is gone, and Ignore admits.
    expect(await create(fromSecret())).toMatchObject({ status: 201 });
  });

  it('does not wait for a connection that the API server opened and never used', async () => {
    const webhook = await startServer();
    const { hostname, port } = new URL(webhook.server.url);
    const unused = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await once(unused, 'secureConnect');
    const closed = once(unused, 'close');
    const started = performance.now();
    await webhook.stop();
    await closed;
    // Node would wait for its first request, as long as for any.
    expect(performance.now() - started).toBeLessThan(KEEP_ALIVE / 2);
  });
});
