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
import { startLoad, summary } from './support/load.ts';
import { makeNamespace, probe, untilProbe } from './support/objects.ts';
import { kubectl, run } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-availability';
/** 95 % sure that fewer than 1 in 415 fail, when none of these does; and then some. */
const ENOUGH = 1243;
const OURS = ['-n', NAMESPACE, '-l', 'app.kubernetes.io/component=webhook'];

/** The process whose host is called as the Pod in $1. */
const KILL = `
  for process in /proc/[0-9]*; do
    tr '\\0' '\\n' < $process/environ 2>/dev/null | grep -qx "HOSTNAME=$1" || continue
    kill -9 "\${process#/proc/}" && killed=yes
  done
  test -n "$killed"`;

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await install({ ...(await providedTls()), webhook: { failurePolicy: 'Fail' } });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
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
  const [victim = ''] = await serverPods();
  const load = startLoad(TEAM);
  await eventually('the load runs', () => (load.answered() > 60 ? true : undefined));
  // SIGKILL from the node, as an out-of-memory kill does it: no preStop, no drain.
  await run('docker', ['exec', node, 'sh', '-c', KILL, 'sh', victim.replace('pod/', '')]);
  const result = await load.finish(600);
  process.stderr.write(`one replica killed: ${summary(result)}\n`);

  // It did die, and by the signal.
  const state = '{.status.containerStatuses[0].lastState.terminated.exitCode}';
  await eventually('the kubelet saw it die', async () => {
    const { stdout } = await kubectl('get', victim, '-n', NAMESPACE, '-o', `jsonpath=${state}`);
    return stdout === '137' ? true : undefined;
  });
  // In flight, or sent to it until the Service leaves it out; nothing else, and it is over by then.
  const explained = /failed calling webhook|connection refused|connection reset|EOF/;
  expect([...result.reasons.keys()].filter((reason) => !explained.test(reason))).toEqual([]);
  expect(result.failed).toBeLessThan(result.sent / 4);
  expect(await probe(TEAM)).toMatch(/^403 .*secret-env-ref/s);
});

it('comes back by itself when all replicas and the Pods of the node are gone', async () => {
  // Namespaces of the cluster's own beside kube-system, such as local-path-storage, are asked about, too.
  await kubectl('delete', 'pods', ...OURS, '--grace-period=0', '--force');
  await kubectl('delete', 'pods', '-A', '--all', '--wait=false', '--grace-period=0', '--force');
  await untilProbe(TEAM, /^403 .*secret-env-ref/s, 120_000);
  await kubectl('rollout', 'status', '-n', NAMESPACE, `deployment/${RELEASE}`, '--timeout=120s');
  await kubectl('wait', '-A', '--for=condition=Ready', 'pods', '--all', '--timeout=150s');
});
