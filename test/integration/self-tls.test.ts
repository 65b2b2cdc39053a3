// Two servers that see to their certificates themselves: with the chart's objects, made empty, and with
// a ServiceAccount that may do no more than the chart grants.
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { field, textAt } from '../../src/cluster/json.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { eventually } from './harness/poll.ts';
import { freePorts } from './harness/ports.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { pod } from './support/objects.ts';
import {
  account,
  bundles,
  bundlesOf,
  configuration,
  emptyKeeping,
  HOME,
  metrics,
  objects,
  probe,
  ready,
  remove,
  SECRETS,
  served,
  start,
  WEBHOOKS,
  type Replica,
} from './support/self-tls.ts';

jest.setTimeout(120_000);

const NAME = 'pair';
const LIFE = 30_000;

let plane: ControlPlane;
let replicas: readonly Replica[] = [];
beforeAll(async () => {
  plane = await startControlPlane();
  for (const namespace of [HOME, 'load-0', 'load-1']) await plane.createNamespace(namespace);
  const ports = await freePorts(2);
  await objects(plane, NAME, ports);
  const kubeconfig = await account(plane, NAME);
  replicas = await Promise.all(ports.map((port) => start(NAME, kubeconfig, port, LIFE)));
  await Promise.all(replicas.map(ready));
});
afterAll(async () => {
  await Promise.all(replicas.map(({ server }) => server.stop()));
  await plane.stop();
});

const create = (index: number): Promise<ApiResponse> =>
  request(plane, {
    method: 'POST',
    path: `/api/v1/namespaces/load-${index}/pods`,
    body: pod('web'),
    query: { dryRun: 'All' },
  });

/** About 20 creates a second, half to each server, until it is told to stop; the statuses by count. */
function load(): { readonly stop: () => Promise<Readonly<Record<string, number>>> } {
  let going = true;
  const statuses: Record<string, number> = {};
  const run = async (): Promise<void> => {
    while (going) {
      const batch = [0, 1, 0, 1].map(async (index) => {
        const { status } = await create(index);
        statuses[status] = (statuses[status] ?? 0) + 1;
      });
      await Promise.all([...batch, sleep(200)]);
    }
  };
  const running = run();
  return {
    stop: async () => {
      going = false;
      await running;
      return statuses;
    },
  };
}

/** Which managers own these fields, whichever object holds them. */
function ownersOf(object: unknown): Readonly<Record<string, readonly string[]>> {
  const wanted = ['caBundle', 'ca-added-at', 'timeoutSeconds'];
  const managed = field(object, 'metadata', 'managedFields') as readonly unknown[];
  return Object.fromEntries(
    wanted.map((name) => [
      name,
      managed
        .filter((each) => JSON.stringify(field(each, 'fieldsV1')).includes(`${name}":{}`))
        .map((each) => textAt(each, 'manager')),
    ]),
  );
}

describe('two servers with one Secret', () => {
  it('agree on one CA when they start at once', async () => {
    const [a, b] = await Promise.all(replicas.map(served));
    const [first = [], second] = await bundles(plane, NAME);
    const issued = replicas.flatMap(({ log }) =>
      log.lines.filter(({ msg }) => msg === 'certificate issued'),
    );

    expect(a?.serialNumber).toBe(b?.serialNumber);
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
    expect(a?.verify(new X509Certificate(first[0] ?? '').publicKey)).toBe(true);
    expect(issued).toHaveLength(1);
    expect((await create(0)).status).toBe(201);
    expect((await create(1)).status).toBe(201);
  });

  it('renew under load without a failed create: new CA first, old CA last', async () => {
    const [before = ''] = (await bundles(plane, NAME))[0] ?? [];
    const [old] = await Promise.all(replicas.map(served));
    if (old === undefined) throw new Error('no server');
    const age = Date.now() - old.validFromDate.getTime() - 3_600_000;
    await sleep(Math.max(0, LIFE * 0.57 - age));
    const counting = load();
    const seen: string[] = [];
    const watch = (async () => {
      const end = Date.now() + LIFE * 0.55;
      while (Date.now() < end) {
        const trusted = (await bundles(plane, NAME))[1] ?? [];
        const serials = (await Promise.all(replicas.map(served))).map(
          ({ serialNumber }) => serialNumber !== old.serialNumber,
        );
        const state = `${trusted.includes(before) ? 'old' : ''}${trusted.length > Number(trusted.includes(before)) ? '+new' : ''} ${serials.filter(Boolean).length}`;
        if (seen.at(-1) !== state) seen.push(state);
        await sleep(100);
      }
    })();
    await watch;
    const statuses = await counting.stop();
    process.stderr.write(
      `renewal under load: ${JSON.stringify(statuses)} creates by status; caBundle and renewed servers: ${seen.join(', ')}\n`,
    );

    expect(Object.keys(statuses)).toEqual(['201']);
    expect(statuses[201]).toBeGreaterThan(200);
    for (const { log } of replicas) expect(log.decisions({}).length).toBeGreaterThan(100);
    expect(seen[0]).toBe('old 0');
    expect(seen[1]).toBe('old+new 0');
    expect(seen.filter((state) => state !== 'old+new 1').slice(2)).toEqual(['old+new 2', '+new 2']);
    for (const replica of replicas) {
      const expiry = /expiry_timestamp_seconds (\d+)/.exec(await metrics(replica))?.[1];
      const { validToDate } = await served(replica);
      expect(Number(expiry)).toBe(validToDate.getTime() / 1000);
      expect(await metrics(replica)).toMatch(
        /reloads_total\{what="certificate",result="success"\} [2-9]/,
      );
    }
  });

  it('set the caBundle again when somebody resets it', async () => {
    const before = await bundles(plane, NAME);
    const { webhooks } = configuration(
      NAME,
      replicas.map(({ port }) => port),
    );
    const path = `${WEBHOOKS}/${NAME}`;
    const reset = await request(plane, { method: 'PATCH', path, body: { webhooks } });
    const start = performance.now();
    expect(bundlesOf(reset.body)).toEqual([[], []]);

    await eventually('the caBundle', async () => {
      const now = await bundles(plane, NAME);
      return now.every((each) => each.includes(before[0]?.at(0) ?? '')) ? true : undefined;
    });
    process.stderr.write(
      `caBundle reset, set again after ${Math.round(performance.now() - start)} ms\n`,
    );
    expect(await Promise.all(replicas.map((replica) => probe(replica, '/readyz')))).toEqual([
      200, 200,
    ]);
    await eventually('a create', async () => ((await create(0)).status === 201 ? true : undefined));
  });

  it.each([
    ['server side', ['--server-side', '--field-manager=gitops'], 'gitops'],
    ['client side', [], 'kubectl-client-side-apply'],
  ])(
    'keep their caBundle when the configuration is applied again, %s',
    async (_, mode, manager) => {
      const name = manager;
      const [port = 0] = await freePorts(1);
      const { webhooks, ...head } = configuration(name, [port]);
      const apply = async (timeoutSeconds: number): Promise<unknown> => {
        const changed = webhooks.map((each) => ({ ...each, timeoutSeconds }));
        const { code, stdout, stderr } = await kubectl(
          plane,
          ['apply', ...mode, '-f', '-', '-o', 'json', '--show-managed-fields'],
          { stdin: JSON.stringify({ ...head, webhooks: changed }) },
        );
        expect([code, stderr]).toEqual([0, '']);
        return JSON.parse(stdout);
      };
      await apply(3);
      await emptyKeeping(plane, name);
      const replica = await start(name, await account(plane, name), port, 3_600_000);
      await ready(replica);
      await replica.server.stop(); // so that nobody could set it again
      const before = await bundles(plane, name);
      const after = await apply(5);

      expect(before[0]).toHaveLength(1);
      expect(bundlesOf(after)).toEqual(before);
      expect(field((field(after, 'webhooks') as unknown[])[0], 'timeoutSeconds')).toBe(5);
      expect(ownersOf(after)).toEqual({
        caBundle: ['hushgate'],
        'ca-added-at': ['hushgate'],
        timeoutSeconds: [manager],
      });
      await remove(plane, `${WEBHOOKS}/${name}`);
    },
  );

  it('make everything anew, without a failed create, when the Secret is emptied', async () => {
    const [old] = await Promise.all(replicas.map(served));
    if (old === undefined) throw new Error('no server');
    const path = `${SECRETS}/${NAME}`;
    const counting = load();
    await sleep(500);
    await request(plane, { method: 'PATCH', path, body: { data: null } });
    await eventually(
      'new certificates',
      async () => {
        const now = await Promise.all(replicas.map(served));
        return now.every(({ serialNumber }) => serialNumber !== old.serialNumber)
          ? true
          : undefined;
      },
      { timeoutMs: 20_000 },
    );
    await sleep(1000);
    const statuses = await counting.stop();
    process.stderr.write(`emptied Secret: ${JSON.stringify(statuses)} creates by status\n`);

    expect(Object.keys(statuses)).toEqual(['201']);
  });

  it('say nothing of a key or a certificate', () => {
    const said = JSON.stringify(replicas.map(({ log }) => log.lines));

    expect(said).not.toMatch(/BEGIN|PRIVATE|LS0tLS1/);
    expect(said.length).toBeGreaterThan(1000);
  });
});
