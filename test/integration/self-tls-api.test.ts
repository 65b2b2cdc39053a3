// What the server and the pre-delete hook need of the API server, and what they say when they lack it.
import { execFile } from 'node:child_process';
import { connect as connectTcp, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { connect } from '../../src/cluster/client.ts';
import { ClusterError } from '../../src/cluster/errors.ts';
import { field, textAt } from '../../src/cluster/json.ts';
import { removeWebhook } from '../../src/cluster/webhook.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { adminKubeconfig } from './harness/credentials.ts';
import { eventually } from './harness/poll.ts';
import { freePorts } from './harness/ports.ts';
import { request } from './harness/request.ts';
import {
  account,
  clustered,
  configuration,
  HOME,
  kubeconfigFile,
  make,
  metrics,
  namespaced,
  objects,
  probe,
  ready,
  remove,
  rule,
  start,
  WEBHOOKS,
  type Rule,
} from './support/self-tls.ts';

jest.setTimeout(120_000);

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await plane.createNamespace(HOME);
});
afterAll(() => plane.stop());

const without = (rules: readonly Rule[], verb: string, resource: string): readonly Rule[] =>
  rules.map((each) =>
    each.resources.includes(resource)
      ? { ...each, verbs: each.verbs.filter((other) => other !== verb) }
      : each,
  );

describe('the rights of the server', () => {
  it.each([
    ['get', 'secrets'],
    ['update', 'secrets'],
    ['get', 'leases'],
    ['update', 'leases'],
    ['get', 'validatingwebhookconfigurations'],
    ['patch', 'validatingwebhookconfigurations'],
  ])('need %s on %s: without it, it is not ready and says so', async (verb, resource) => {
    const name = `no-${verb}-${resource}`;
    const [port = 0] = await freePorts(1);
    await objects(plane, name, [port]);
    const kubeconfig = await account(plane, name, {
      rules: without(namespaced(name), verb, resource),
      clusterRules: without(clustered(name), verb, resource),
    });
    const replica = await start(name, kubeconfig, port, 3_600_000);
    const line = await eventually('the reason', () =>
      replica.log.lines.find(({ level }) => level === 'error'),
    );

    expect(String(line['problem'])).toContain(`not allowed to ${verb} ${resource} "${name}"`);
    expect(String(line['problem'])).toContain(`grant the verb "${verb}"`);
    expect(await probe(replica, '/readyz')).toBe(503);
    expect(await probe(replica, '/livez')).toBe(200);
    expect(await metrics(replica)).toContain('hushgate_last_reload_success{what="certificate"} 0');
    await replica.server.stop();
    await remove(plane, `${WEBHOOKS}/${name}`);
  });
});

describe('an API server that cannot be reached', () => {
  it('is tried again until it answers', async () => {
    const name = 'late';
    const [port = 0, relayPort = 0] = await freePorts(2);
    await objects(plane, name, [port]);
    const server = `https://127.0.0.1:${relayPort}`;
    const kubeconfig = await account(plane, name, { server });
    const replica = await start(name, kubeconfig, port, 3_600_000);
    const line = await eventually('the reason', () =>
      replica.log.lines.find(({ level }) => level === 'error'),
    );
    expect(line['problem']).toMatch(/cannot be reached: ECONNREFUSED/);
    expect(await probe(replica, '/readyz')).toBe(503);
    await sleep(2000);
    expect(replica.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);

    const relay = createServer((socket) => {
      const api = connectTcp(Number(new URL(plane.url).port), '127.0.0.1');
      socket.pipe(api).pipe(socket);
      for (const each of [socket, api]) each.on('error', () => each.destroy());
    }).listen(relayPort, '127.0.0.1');
    await ready(replica);
    relay.close();
    expect(await metrics(replica)).toContain('hushgate_last_reload_success{what="certificate"} 1');
    await replica.server.stop();
    await remove(plane, `${WEBHOOKS}/${name}`);
  });
});

describe('hushgate webhook remove', () => {
  const run = (...args: readonly string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const words = ['src/bin/hushgate.ts', 'webhook', 'remove', ...args];
      const env = { ...process.env, NODE_OPTIONS: '' };
      execFile(process.execPath, words, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
        resolve({ code, stdout, stderr });
      });
    });

  it('deletes it with that one right, is fine when it is gone, and says what it may not', async () => {
    const name = 'leaving';
    await make(plane, WEBHOOKS, configuration(name, [9]));
    await make(plane, WEBHOOKS, configuration('staying', [9]));
    const group = 'admissionregistration.k8s.io';
    const clusterRules = [rule(group, 'validatingwebhookconfigurations', name, 'delete')];
    const kubeconfig = await account(plane, name, { rules: [], clusterRules });
    const where = ['--kubeconfig', kubeconfig];

    expect(await run('--name', 'staying', ...where)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('grant the verb "delete" on the resource'),
    });
    expect(await run('--name', '', ...where)).toMatchObject({ code: 2 });
    expect(await run('--name', name, ...where, '--context', 'none')).toMatchObject({
      code: 2,
      stderr: 'hushgate: the kubeconfig file has no context "none"\n',
    });
    expect(await run('--name', name, ...where, '--context', 'test')).toEqual({
      code: 0,
      stdout: `validatingwebhookconfiguration/${name} deleted\n`,
      stderr: '',
    });
    expect(await run('--name', name, ...where)).toMatchObject({
      code: 0,
      stdout: `validatingwebhookconfiguration/${name} not found, nothing to do\n`,
    });
    const left = await request(plane, { method: 'GET', path: WEBHOOKS });
    const names = (field(left.body, 'items') as unknown[]).map((item) =>
      textAt(item, 'metadata', 'name'),
    );
    expect(names).toContain('staying');
    expect(names).not.toContain(name);
    await request(plane, { method: 'DELETE', path: `${WEBHOOKS}/staying` });
  });

  it('gives up on an API server that does not answer', async () => {
    const [port = 0] = await freePorts(1);
    const content = adminKubeconfig(`https://127.0.0.1:${port}`, plane.caPem, 'none');
    const file = await kubeconfigFile(plane, 'nowhere', content);
    const client = await connect({ kubeconfig: file });
    const started = performance.now();
    const removal = removeWebhook(client, 'any', { patienceMs: 500, pauseMs: 100 });

    await expect(removal).rejects.toThrow(ClusterError);
    await expect(removal).rejects.toThrow(/cannot be reached: ECONNREFUSED/);
    expect(performance.now() - started).toBeGreaterThan(300);
  });
});
