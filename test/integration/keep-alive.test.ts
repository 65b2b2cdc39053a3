// The API server keeps a connection for 90 idle seconds and does not repeat a POST: whoever closes first
// must be the API server, or a create under failurePolicy Fail is lost now and then.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request } from './harness/request.ts';
import { pod } from './support/objects.ts';
import { relayTo, type Relay } from './support/relay.ts';
import { arrival, register, RULES, startServer, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(160_000);

/** Each lane has a namespace, a port and so connections of its own. */
interface Lane {
  readonly namespace: string;
  /** The longest silence so far, in seconds: on a busy machine a pause lasts longer than was asked. */
  silence: number;
  /** How many creates at once. */
  readonly width: number;
  readonly relay: Relay;
}

let plane: ControlPlane;
let webhook: WebhookServer;
const lanes: Lane[] = [];
beforeAll(async () => {
  plane = await startControlPlane();
  webhook = await startServer();
});
afterAll(async () => {
  await webhook.stop();
  for (const { relay } of lanes) relay.close();
  await plane.stop();
});

let opened = 0;

async function openLane(width: number): Promise<Lane> {
  opened += 1;
  const namespace = `lane-${opened}`;
  const relay = await relayTo(webhook.server.url);
  const lane = { namespace, silence: 0, width, relay };
  lanes.push(lane);
  await plane.createNamespace(namespace);
  await register(plane, {
    name: namespace,
    url: relay.url,
    caCert: webhook.certificates.caCert,
    rules: RULES,
    failurePolicy: 'Fail',
    namespace,
  });
  await arrival(plane, webhook.log, namespace);
  return lane;
}

let made = 0;

async function create({ namespace }: Lane): Promise<number> {
  made += 1;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const answer = await request(plane, { method: 'POST', path, body: pod(`pod-${made}`) });
  return answer.status;
}

const burst = (lane: Lane): Promise<number[]> =>
  Promise.all(Array.from({ length: lane.width }, () => create(lane)));

async function paced(pauses: readonly number[], width = 1): Promise<number[]> {
  const lane = await openLane(width);
  const statuses = await burst(lane);
  for (const pause of pauses) {
    const since = performance.now();
    await sleep(pause * 1000);
    const answers = burst(lane);
    lane.silence = Math.max(lane.silence, (performance.now() - since) / 1000);
    statuses.push(...(await answers));
  }
  return statuses;
}

// Around Node's default of 5 s, Fastify's of 72 s, and the API server's own 90 s.
const SHORT = [4.5, 4.9, 4.98, 5, 5.02, 5.1, 5.5, 6, 6.02];
const LONG = [61, 71, 71.9, 72, 72.1, 73, 89, 89.9, 90, 90.1, 91.5];
const WIDTH = 8;

/** An open connection that carries no request: the API server's HTTP client keeps such ones too. */
async function unused(seconds: number): Promise<boolean> {
  const { hostname, port } = new URL(webhook.server.url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.resume();
  await sleep(seconds * 1000);
  const isOpen = socket.readyState === 'open';
  socket.destroy();
  return isOpen;
}

it('no create is lost around any time-out, and the API server closes every connection', async () => {
  const stillOpen = unused(91.5);
  const statuses = await Promise.all([
    paced(SHORT, WIDTH),
    // A burst opens more connections than it uses; then a long silence.
    paced([91.5], WIDTH),
    ...LONG.map((pause) => paced([pause])),
  ]);
  const expected = WIDTH * (SHORT.length + 1) + WIDTH * 2 + 2 * LONG.length;
  expect(statuses.flat()).toEqual(Array(expected).fill(201));

  // A pause below 90 s met the connection from before: a new one would prove nothing.
  for (const { silence, width, relay } of lanes) {
    if (silence > 89.5) continue;
    expect(relay.connections.length).toBeLessThanOrEqual(width);
  }
  expect(lanes.filter(({ silence }) => silence <= 89.5).length).toBeGreaterThan(1);
  expect(await stillOpen).toBe(true);
  const closers = lanes.flatMap(({ relay }) => relay.connections.map(({ closedBy }) => closedBy));
  expect(closers).toContain('api-server');
  expect(closers).not.toContain('webhook');
});
