// The largest and the oddest objects that the API server takes: an answer that fails would let them in.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BODY_LIMIT } from '../../src/server/app.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { only } from './support/configuration.ts';
import { container, deployment, fromSecret } from './support/objects.ts';
import { relayTo, type Relay } from './support/relay.ts';
import { arrival, register, RULES, startServer, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SECRETS = '/api/v1/namespaces/default/secrets';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

let plane: ControlPlane;
let webhook: WebhookServer;
let relay: Relay;
beforeAll(async () => {
  plane = await startControlPlane();
  webhook = await startServer({
    configuration: only({ 'secret-env-ref': 'deny', 'secret-last-applied': 'deny' }),
  });
  relay = await relayTo(webhook.server.url);
  // Ignore: whatever the server fails to answer is admitted, and seen here.
  await register(plane, {
    name: 'hushgate',
    url: relay.url,
    caCert: webhook.certificates.caCert,
    rules: RULES,
    failurePolicy: 'Ignore',
    timeoutSeconds: 20,
  });
  await arrival(plane, webhook.log);
});
afterAll(async () => {
  await webhook.stop();
  relay.close();
  await plane.stop();
});

const send = (method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown) =>
  request(plane, { method, path, body });
const received = (): number => relay.connections.reduce((sum, { received }) => sum + received, 0);

/** What the relay has received through an action, and what the action got. */
async function weigh(action: () => Promise<ApiResponse>): Promise<[number, ApiResponse]> {
  const start = received();
  const answer = await action();
  return [received() - start, answer];
}

describe('the largest legal object', () => {
  // etcd takes 1.5 MiB; the API server writes each `<` of it as \u003c into the review.
  const FILL = '<'.repeat(1_500_000);
  const large = (name: string, secret: boolean) => {
    const env = { name: 'FILL', value: FILL };
    const main = container('main', env, ...(secret ? [fromSecret()] : []));
    return deployment(name, { containers: [main] });
  };

  it('is escaped to sixfold, twice in an UPDATE, and judged all the same', async () => {
    expect(await send('POST', DEPLOYMENTS, large('large', false))).toMatchObject({
      status: 201,
      warnings: [],
    });
    const one = `${DEPLOYMENTS}/large`;
    const [bytes, refused] = await weigh(() => send('PUT', one, large('large', true)));
    expect(bytes).toBeGreaterThan(12 * FILL.length);
    expect(bytes).toBeLessThan(BODY_LIMIT);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        message: expect.stringContaining(
          '- deny secret-env-ref at spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef: ',
        ),
      },
    });
    const clean = { ...large('large', false), metadata: { name: 'large', labels: { a: 'b' } } };
    expect(await send('PUT', one, clean)).toMatchObject({ status: 200, warnings: [] });
    expect(webhook.log.decisions({ object: 'default/large' })).toMatchObject([
      { operation: 'CREATE', decision: 'allowed' },
      { operation: 'UPDATE', decision: 'denied' },
      { operation: 'UPDATE', decision: 'allowed' },
    ]);
  });

  it('as a Secret: 1 MiB of data and all annotations that fit', async () => {
    const data = { blob: Buffer.alloc(1024 * 1024 - 1, 255).toString('base64') };
    const annotations = { note: '<'.repeat(200_000), [LAST_APPLIED]: '<'.repeat(60_000) };
    const secret = (more: object) => ({ metadata: { name: 'large', ...more }, data });
    const clean = { annotations: { note: annotations.note } };
    expect(await send('POST', SECRETS, secret(clean))).toMatchObject({ status: 201 });
    expect(await send('PUT', `${SECRETS}/large`, secret({ annotations }))).toMatchObject({
      status: 403,
      body: {
        message: expect.stringContaining(
          `- deny secret-last-applied at metadata.annotations[${LAST_APPLIED}]: `,
        ),
      },
    });
  });

  it('is no larger than the API server says', async () => {
    const grown = deployment('grown', {
      containers: [container('main', { name: 'FILL', value: '<'.repeat(1_600_000) })],
    });
    const refused = await send('POST', DEPLOYMENTS, grown);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(refused.body)).toContain('request is too large');
    expect(webhook.log.lines.filter(({ msg }) => msg === 'request refused')).toEqual([]);
  });
});

describe('keys that JavaScript has a meaning for', () => {
  const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
  const values = (keys: readonly string[], value: string): object =>
    Object.fromEntries(keys.map((key) => [key, value]));
  const annotated = { annotations: { [LAST_APPLIED]: '{}' } };

  it.each(KEYS)('%s as a data key does not open a way around', async (key) => {
    const name = `key-${key.toLowerCase().replaceAll('_', '')}`;
    const data = values([key], 'c2VjcmV0');
    const bad = { metadata: { name, ...annotated }, data };
    expect(Object.keys(JSON.parse(JSON.stringify(bad.data)) as object)).toEqual([key]);
    expect(await send('POST', SECRETS, bad)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('- deny secret-last-applied at metadata.') },
    });
    const good = await send('POST', SECRETS, { metadata: { name }, data });
    expect(good).toMatchObject({ status: 201, warnings: [] });
    expect(Object.keys((good.body as { data: object }).data)).toEqual([key]);
    expect(webhook.log.decisions({ object: `default/${name}` })).toMatchObject([
      { decision: 'denied' },
      { decision: 'allowed' },
    ]);
  });

  it('as label and annotation keys neither', async () => {
    const names = KEYS.filter((key) => key !== '__proto__');
    const labels = values(names, 'x');
    const annotations = { ...values(names, 'x'), ...annotated.annotations };
    expect(
      await send('POST', SECRETS, { metadata: { name: 'labelled', labels, annotations } }),
    ).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('- deny secret-last-applied at metadata.') },
    });
    const good = await send('POST', SECRETS, { metadata: { name: 'labelled', labels } });
    expect(good).toMatchObject({ status: 201, warnings: [], body: { metadata: { labels } } });
  });

  it('a label key __proto__ is refused by the API server itself', async () => {
    const labels = values(['__proto__'], 'x');
    const refused = await send('POST', SECRETS, { metadata: { name: 'proto-label', labels } });
    expect(refused).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect(webhook.log.decisions({ object: 'default/proto-label' })).toEqual([]);
  });

  it('in a field that the API does not know are dropped before', async () => {
    const odd = JSON.parse('{"__proto__": {"annotations": null}, "constructor": 1}') as object;
    const bad = { ...odd, metadata: { name: 'odd-fields', ...annotated } };
    expect(await send('POST', SECRETS, bad)).toMatchObject({ status: 403 });
    expect(webhook.log.decisions({ object: 'default/odd-fields' })).toMatchObject([
      { decision: 'denied' },
    ]);
  });
});
