// In the node's network, where two Pods of ours cannot stand on one node.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { install, NAMESPACE, reset, serverPods } from './support/chart.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl } from './support/shell.ts';

jest.setTimeout(240_000);

const TEAM = 'e2e-host-network';
const VALUES = { hostNetwork: true, replicas: 1, server: { port: 10_260, metricsPort: 10_261 } };

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await install(VALUES);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

it('answers on the port of the node', async () => {
  const path = 'jsonpath={.items[*].status.podIP} {.items[*].status.hostIP}';
  const { stdout } = await kubectl('get', 'pods', '-n', NAMESPACE, '-o', path);
  const [pod, host] = stdout.split(' ');
  expect(pod).toBe(host);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});

it('is updated where every node has a Pod of it already', async () => {
  const before = await serverPods();
  await install({ ...VALUES, podAnnotations: { test: 'upgrade' } });
  expect(before).toHaveLength(1);
  expect(await serverPods()).not.toEqual(before);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
