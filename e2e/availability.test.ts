// What the cluster sees of us while our Pods come and go, with failurePolicy Fail: every request that is
// not answered is a failure that users see.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import {
  install,
  NAMESPACE,
  providedTls,
  RELEASE,
  reset,
  restart,
  serverPods,
} from './support/chart.ts';
import { node } from './support/environment.ts';
import { ENOUGH, startLoad, summary } from './support/load.ts';
import { reviewsByPod } from './support/metrics.ts';
import { idle, makeNamespace, probe, untilProbe, workload } from './support/objects.ts';
import { kubectl, kubectlWith, run } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-availability';
const ADD_ON = 'e2e-add-on';
/** A container that died is not ready, and out of the Service, a moment later. */
const GONE_WITHIN_S = 15;
const OURS = ['-n', NAMESPACE, '-l', 'app.kubernetes.io/component=webhook'];

/** SIGKILL from the node to what runs in a Pod, as an out-of-memory kill does it: no preStop, no drain. */
const KILL = `
  for process in /proc/[0-9]*; do
    tr '\\0' '\\n' < $process/environ 2>/dev/null | grep -qx "HOSTNAME=$1" || continue
    kill -9 "\${process#/proc/}" && killed=yes
  done
  test -n "$killed"`;

/** False where nothing runs in it any more. */
async function kill(pod: string): Promise<boolean> {
  const args = ['exec', node, 'sh', '-c', KILL, 'sh', pod.replace('pod/', '')];
  return (await run('docker', args, { allowFailure: true })).code === 0;
}

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await install({ ...(await providedTls()), webhook: { failurePolicy: 'Fail' } });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, ADD_ON, '--ignore-not-found', '--wait=false');
  await reset();
});

it('loses no request in a rolling update under load', async () => {
  const before = await serverPods();
  const load = startLoad(TEAM);
  await restart();
  const result = await load.finish(ENOUGH);
  process.stderr.write(`rolling update: ${summary(result)}\n`);

  const after = await serverPods();
  expect(after.filter((name) => before.includes(name))).toEqual([]);
  expect(result.sent).toBeGreaterThanOrEqual(ENOUGH);
  expect([...result.reasons]).toEqual([]);
});

it('loses only what was with a replica that is killed without warning', async () => {
  const load = startLoad(TEAM);
  const victim = await busiest();
  const killed = performance.now();
  expect(await kill(victim)).toBe(true);
  const result = await load.finish(ENOUGH);
  const after = result.failedAt.map((at) => (at - killed) / 1000);
  const last = Math.max(0, ...after);
  process.stderr.write(
    `one replica killed: ${summary(result)}\n    the last failure ${last.toFixed(1)} s after the kill\n`,
  );

  // It did die, and by the signal.
  const state = '{.status.containerStatuses[0].lastState.terminated.exitCode}';
  await eventually('the kubelet saw it die', async () => {
    const { stdout } = await kubectl('get', victim, '-n', NAMESPACE, '-o', `jsonpath=${state}`);
    return stdout === '137' ? true : undefined;
  });
  // In flight, or sent to it until the Service leaves it out; nothing else, and it is over by then.
  const explained = /failed calling webhook|connection refused|connection reset|EOF/;
  expect([...result.reasons.keys()].filter((reason) => !explained.test(reason))).toEqual([]);
  expect(after.filter((seconds) => seconds < 0 || seconds > GONE_WITHIN_S)).toEqual([]);
  expect(await probe(TEAM)).toMatch(/^403 .*secret-env-ref/s);
});

/** The Pod that answers the load: the API server keeps to one while it has a connection to it. */
async function busiest(): Promise<string> {
  const before = await reviewsByPod();
  return eventually('a Pod answers the load', async () => {
    const now = [...(await reviewsByPod())];
    const grown = now.map(([pod, count]): [string, number] => [
      pod,
      count - (before.get(pod) ?? count),
    ]);
    return grown.sort(([, a], [, b]) => b - a).find(([, count]) => count > 40)?.[0];
  });
}

it('comes back by itself when all replicas and the Pods of the node are gone', async () => {
  // An add-on outside kube-system, as networks and storage are: it waits for us, we must not for it.
  await makeNamespace(ADD_ON);
  const agent = workload('DaemonSet', 'agent', idle);
  expect(await kubectlWith(agent, 'create', '-n', ADD_ON, '-f', '-')).toMatchObject({ code: 0 });
  await kubectl('rollout', 'status', '-n', ADD_ON, 'daemonset/agent', '--timeout=60s');
  const replicas = await serverPods();
  const start = performance.now();
  await kubectl('delete', 'pods', ...OURS, '--grace-period=0', '--force');
  await kubectl('delete', 'pods', '-A', '--all', '--wait=false', '--grace-period=0', '--force');
  // Without this they would go on answering over the connections that are open, as they should.
  await Promise.all(replicas.map(kill));
  await untilProbe(TEAM, /failed calling webhook/);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s, 120_000);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stderr.write(`cold start: answers again after ${seconds} s\n`);
  await kubectl('rollout', 'status', '-n', NAMESPACE, `deployment/${RELEASE}`, '--timeout=120s');
  await kubectl('rollout', 'status', '-n', ADD_ON, 'daemonset/agent', '--timeout=120s');
  await kubectl('wait', '-A', '--for=condition=Ready', 'pods', '--all', '--timeout=150s');
});
