// The day after the install: what ran before goes on, whatever it is guilty of.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import { install, providedTls, reset, restart, type Values } from './support/chart.ts';
import { image, node } from './support/environment.ts';
import { idle, makeNamespace, podSpec, untilProbe, violator, workload } from './support/objects.ts';
import { kubectl, kubectlWith } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-workloads';
const old = { ...violator(image), ...idle };
const finishes = { ...old, command: ['/nodejs/bin/node', '-e', '0'] };
const jobSpec = { template: { spec: { ...podSpec(finishes), restartPolicy: 'Never' } } };
/** Not started yet when the webhook comes. */
const waiting = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'waiting' },
  spec: { ...jobSpec, suspend: true },
};
const nightly = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: jobSpec } },
};
/** One of each kind, whose Pods are made by a controller of its own. */
const ROLLING = ['deployment/old', 'statefulset/ordered', 'daemonset/everywhere'] as const;
const RUNNING = [...ROLLING, 'deployment/drained', 'deployment/gone'] as const;

let tls: Values;

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  const secret = ['create', 'secret', 'generic', 'database', '--from-literal=password=none'];
  await kubectl('-n', TEAM, ...secret);
  const objects = [
    ...['old', 'drained', 'gone'].map((name) => workload('Deployment', name, old)),
    workload('StatefulSet', 'ordered', old),
    workload('DaemonSet', 'everywhere', old),
    waiting,
    nightly,
  ];
  for (const object of objects) {
    const made = await kubectlWith(object, 'create', '-n', TEAM, '-f', '-');
    expect(made.stderr).toBe('');
  }
  for (const name of RUNNING) await ready(name);
  tls = await providedTls();
  await install({ ...tls, webhook: { failurePolicy: 'Fail' } });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('uncordon', node);
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

async function ready(name: string): Promise<void> {
  await kubectl('rollout', 'status', '-n', TEAM, name, '--timeout=90s');
}

/** By uid: the Pods of a StatefulSet keep their names. */
async function pods(name: `${string}/${string}`): Promise<readonly string[]> {
  const app = name.replace(/.*\//, 'app=');
  const path = "jsonpath={range .items[*]}{.metadata.uid}{'\\n'}{end}";
  const { stdout } = await kubectl('get', 'pods', '-n', TEAM, '-l', app, '-o', path);
  return stdout.split('\n').filter((uid) => uid !== '');
}

async function completed(job: string): Promise<void> {
  const path = `jsonpath={.items[?(@.metadata.name${job})].status.succeeded}`;
  await eventually(
    'the Job is complete',
    async () => {
      const { stdout } = await kubectl('get', 'jobs', '-n', TEAM, '-o', path);
      return stdout.startsWith('1') ? true : undefined;
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  );
}

const patch = (name: string, spec: object) =>
  kubectl('patch', name, '-n', TEAM, '--type=merge', '-p', JSON.stringify({ spec }));

describe('a workload in violation that was there before', () => {
  it.each(ROLLING)('rolls: %s', async (name) => {
    const before = await pods(name);
    await kubectl('rollout', 'restart', '-n', TEAM, name);
    await ready(name);
    const [first = ''] = before;
    await eventually('its Pod is another', async () =>
      first !== '' && !(await pods(name)).includes(first) ? true : undefined,
    );
  });

  it.each(ROLLING.slice(0, 2))('scales: %s', async (name) => {
    await kubectl('scale', '-n', TEAM, name, '--replicas=2');
    await ready(name);
    expect(await pods(name)).toHaveLength(2);
  });

  it('is drained and rescheduled', async () => {
    const before = await pods('deployment/drained');
    const drain = ['drain', node, '--pod-selector=app=drained', '--ignore-daemonsets'];
    await kubectl(...drain, '--delete-emptydir-data', '--timeout=60s');
    await kubectl('uncordon', node);
    await ready('deployment/drained');
    expect(before).toHaveLength(1);
    expect(await pods('deployment/drained')).toHaveLength(1);
    expect(await pods('deployment/drained')).not.toEqual(before);
  });

  it('finishes: a Job that starts now', async () => {
    await patch('job/waiting', { suspend: false });
    await completed('=="waiting"');
  });

  it('finishes: a CronJob, whose Jobs are made and complete; a Job that a user makes is a new one', async () => {
    const byHand = ['create', 'job', 'manual', '--from=cronjob/nightly', '-n', TEAM];
    await expect(kubectl(...byHand)).rejects.toThrow('denied the request');
    await patch('cronjob/nightly', { schedule: '* * * * *' });
    await completed('!="waiting"');
    await patch('cronjob/nightly', { suspend: true });
  });

  it('takes a new label, but no new violation', async () => {
    const second = { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'other', key: 'token' } } };
    const add = [{ op: 'add', path: '/spec/template/spec/containers/0/env/-', value: second }];
    const how = ['patch', 'deployment', 'old', '-n', TEAM, '--type=json', '-p'];
    await expect(kubectl(...how, JSON.stringify(add))).rejects.toThrow(
      '- deny secret-env-ref at spec.template.spec.containers[0].env[1]',
    );
    const label = [{ op: 'add', path: '/spec/template/metadata/labels/release', value: 'two' }];
    await kubectl(...how, JSON.stringify(label));
    await ready('deployment/old');
  });

  it('is deleted', async () => {
    expect(await pods('deployment/gone')).toHaveLength(1);
    await kubectl('delete', 'deployment', 'gone', '-n', TEAM, '--timeout=60s');
    await eventually(
      'its Pods are gone',
      async () => ((await pods('deployment/gone')).length === 0 ? true : undefined),
      { timeoutMs: 60_000 },
    );
  });
});

it('gets no new Pods with controllerPods: enforce', async () => {
  await install({ ...tls, config: { controllerPods: 'enforce' } });
  await restart();
  await kubectl('delete', 'pods', '-n', TEAM, '-l', 'app=drained', '--wait=true');
  await eventually(
    'the ReplicaSet says why it has no Pod',
    async () => {
      const reason = '--field-selector=reason=FailedCreate';
      const path = 'jsonpath={.items[*].message}';
      const { stdout } = await kubectl('get', 'events', '-n', TEAM, reason, '-o', path);
      return stdout.includes('secret-env-ref at spec.containers[0].env[0]') ? true : undefined;
    },
    { timeoutMs: 60_000 },
  );
  expect(await pods('deployment/drained')).toEqual([]);
});
