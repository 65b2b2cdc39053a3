// What was there before the webhook may go on living; what is new is judged.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WORKLOADS } from '../../src/kubernetes/resources.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { only } from './support/configuration.ts';
import {
  container,
  deployment,
  fromSecret,
  pod,
  podSpec,
  workload,
  type Json,
} from './support/objects.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PODS = '/api/v1/namespaces/default/pods';
const FINALIZER = 'example.com/hold';
const at = (index: number, prefix = 'spec.template.') =>
  `${prefix}spec.containers[0].env[${index}].valueFrom.secretKeyRef`;

let plane: ControlPlane;
let webhook: WebhookServer;

const post = (path: string, body: unknown): Promise<ApiResponse> =>
  request(plane, { method: 'POST', path, body });
const patch = (path: string, body: unknown): Promise<ApiResponse> =>
  request(plane, { method: 'PATCH', path, body });

/**
 * Deletes what a finalizer holds. A PATCH starts from the API server's watch cache, which may lag: then it is reviewed
 * twice, and the warnings of the first review stay. So until the cache (`resourceVersion=0`) knows of the deletion.
 */
async function leave(path: string): Promise<void> {
  await request(plane, { method: 'DELETE', path, body: { gracePeriodSeconds: 0 } });
  await eventually(`the watch cache has the deletion of ${path}`, async () => {
    const query = { resourceVersion: '0' };
    const { body } = await request(plane, { method: 'GET', path, query });
    return JSON.stringify(body).includes('"deletionTimestamp"') ? true : undefined;
  });
}

const held = (object: Json, name: string): Json => ({
  ...object,
  metadata: { name, finalizers: [FINALIZER] },
});

beforeAll(async () => {
  plane = await startControlPlane();
  const old = [container('main', fromSecret()), container('side', fromSecret('TOKEN'))];
  await post(DEPLOYMENTS, deployment('old', { containers: old }));
  await post(DEPLOYMENTS, held(deployment('held', podSpec(fromSecret())), 'held'));
  for (const name of ['old', 'deleted']) await post(PODS, pod(name, fromSecret()));
  for (const name of ['finalized', 'leaving']) {
    await post(PODS, held(pod(name, fromSecret()), name));
  }
  webhook = await startWebhook(plane, { configuration: only({ 'secret-env-ref': 'deny' }) });
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
});

/** The pod template of the Deployment `old` with other containers: a PATCH without a change. */
const containers = (...list: readonly Json[]): Promise<ApiResponse> =>
  request(plane, {
    method: 'PATCH',
    path: `${DEPLOYMENTS}/old`,
    body: { spec: { template: { spec: { containers: list } } } },
    query: { dryRun: 'All' },
  });

const before = (path: string): string => `was there before: secret-env-ref at ${path}: `;
const startsWith = (text: string): unknown =>
  expect.stringMatching(new RegExp(`^${text.replaceAll(/[[\].]/g, '\\$&')}`));

describe('an UPDATE of an object with old violations', () => {
  it('may keep them, and is warned', async () => {
    expect(await patch(`${DEPLOYMENTS}/old`, { spec: { minReadySeconds: 1 } })).toMatchObject({
      status: 200,
      warnings: [
        startsWith(before(at(0))),
        startsWith(before('spec.template.spec.containers[1].env[0].valueFrom.secretKeyRef')),
      ],
    });
  });

  it('is denied for a new one, and the message tells the two apart', async () => {
    const env = [fromSecret(), fromSecret('API_KEY', 'api')];
    const refused = await containers(container('main', ...env), container('side'));
    expect(refused).toMatchObject({ status: 403, warnings: [] });
    const { message } = refused.body as { message: string };
    expect(message).toContain('1 finding denies Deployment default/old:\n');
    expect(message).toContain(`\n- deny secret-env-ref at ${at(1)}: env API_KEY `);
    expect(message).toContain(`\n- warn secret-env-ref at ${at(0)}: env PASSWORD `);
  });

  it('is denied when the same variable turns to another Secret', async () => {
    const side = container('side', fromSecret('TOKEN'));
    const turned = await containers(container('main', fromSecret('PASSWORD', 'other')), side);
    expect(turned).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining(`- deny secret-env-ref at ${at(0)}: `) },
    });
    expect(await containers(container('main', fromSecret()), side)).toMatchObject({ status: 200 });
  });

  it('may reorder its containers', async () => {
    const reordered = await containers(
      container('side', fromSecret('TOKEN')),
      container('main', { name: 'MODE', value: 'fast' }, fromSecret()),
    );
    expect(reordered).toMatchObject({
      status: 200,
      warnings: [
        startsWith(before(at(0))),
        startsWith(before('spec.template.spec.containers[1].env[1].valueFrom.secretKeyRef')),
      ],
    });
  });

  it('may not say the same violation twice', async () => {
    const twice = [fromSecret(), fromSecret()];
    expect(await containers(container('main', ...twice))).toMatchObject({ status: 403 });
  });

  it('loses the right to a violation that it has given up', async () => {
    await post(DEPLOYMENTS, deployment('mended', podSpec()));
    const spec = { template: { spec: podSpec(fromSecret()) } };
    expect(await patch(`${DEPLOYMENTS}/mended`, { spec })).toMatchObject({ status: 403 });
  });
});

describe('a Pod from before', () => {
  it('takes a label, with a warning', async () => {
    const body = { metadata: { labels: { tier: 'back' } } };
    expect(await patch(`${PODS}/old`, body)).toMatchObject({
      status: 200,
      warnings: [startsWith(before(at(0, '')))],
    });
  });

  it('takes and loses a finalizer without a word', async () => {
    for (const finalizers of [[FINALIZER, 'example.com/more'], null]) {
      const path = `${PODS}/finalized`;
      expect(await patch(path, { metadata: { finalizers } })).toMatchObject({
        status: 200,
        warnings: [],
      });
    }
    const decisions = webhook.log.decisions({ object: 'default/finalized' });
    // One more where the watch cache lags.
    expect(decisions.length).toBeGreaterThanOrEqual(2);
    for (const decision of decisions) {
      expect(decision).toMatchObject({ operation: 'UPDATE', decision: 'passed' });
    }
  });

  it('is deleted', async () => {
    const path = `${PODS}/deleted`;
    const gone = await request(plane, {
      method: 'DELETE',
      path,
      body: { gracePeriodSeconds: 0 },
    });
    expect(gone).toMatchObject({ status: 200, warnings: [] });
    expect(await request(plane, { method: 'GET', path })).toMatchObject({ status: 404 });
  });

  it('that is being deleted takes any metadata, then goes', async () => {
    const path = `${PODS}/leaving`;
    await leave(path);
    const labels = { phase: 'leaving' };
    expect(await patch(path, { metadata: { labels } })).toMatchObject({
      status: 200,
      warnings: [],
      body: { metadata: { labels, deletionTimestamp: expect.any(String) } },
    });
    expect(await patch(path, { metadata: { finalizers: null } })).toMatchObject({ status: 200 });
    expect(await request(plane, { method: 'GET', path })).toMatchObject({ status: 404 });
  });
});

describe('a Deployment that is being deleted', () => {
  it('may change its metadata, but takes no new violation', async () => {
    const path = `${DEPLOYMENTS}/held`;
    await leave(path);
    const labels = { phase: 'leaving' };
    expect(await patch(path, { metadata: { labels } })).toMatchObject({
      status: 200,
      warnings: [],
      body: { metadata: { labels, deletionTimestamp: expect.any(String) } },
    });
    const spec = { template: { spec: podSpec(fromSecret(), fromSecret('API_KEY')) } };
    expect(await patch(path, { spec })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining(`- deny secret-env-ref at ${at(1)}: `) },
    });
  });
});

describe('status and scale', () => {
  it('of every kind are never asked about', async () => {
    const replicaSet = WORKLOADS.find(({ kind }) => kind === 'ReplicaSet');
    if (replicaSet === undefined) throw new Error('no ReplicaSet');
    const path = '/apis/apps/v1/namespaces/default/replicasets';
    await post(path, workload(replicaSet, 'scaled', podSpec()));
    const seen = webhook.log.lines.length;
    const scaled = await patch(`${path}/scaled/scale`, { spec: { replicas: 2 } });
    const status = await patch(`${PODS}/old/status`, { status: { message: 'waiting' } });
    expect([scaled.status, status.status]).toEqual([200, 200]);
    expect(webhook.log.lines.slice(seen)).toEqual([]);
  });
});
