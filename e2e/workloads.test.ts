// The day after the install: what ran before goes on, whatever it is guilty of.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import { image, node } from './support/environment.ts';
import { install, providedTls, reset, restart, type Values } from './support/chart.ts';
import { makeNamespace, untilProbe, violatingDeployment } from './support/objects.ts';
import { kubectl, kubectlWith } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-workloads';
let tls: Values;

/** Our own image, which the node has, doing nothing. */
function workload(name: string) {
  const deployment = violatingDeployment(name, image);
  const { spec } = deployment.spec.template;
  const idle = { command: ['/nodejs/bin/node', '-e', 'setInterval(() => {}, 1e6)'] };
  const containers = spec.containers.map((container) => ({ ...container, ...idle }));
  const template = { ...deployment.spec.template, spec: { ...spec, containers } };
  return { ...deployment, spec: { ...deployment.spec, template } };
}

const job = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: {
    schedule: '0 0 1 1 *',
    jobTemplate: {
      spec: {
        template: {
          spec: {
            ...workload('nightly').spec.template.spec,
            restartPolicy: 'Never',
            containers: workload('nightly').spec.template.spec.containers.map((container) => ({
              ...container,
              command: ['/nodejs/bin/node', '-e', '0'],
            })),
          },
        },
      },
    },
  },
};

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  await kubectl(
    '-n',
    TEAM,
    'create',
    'secret',
    'generic',
    'database',
    '--from-literal=password=none',
  );
  for (const object of [workload('old'), workload('drained'), workload('gone'), job]) {
    const made = await kubectlWith(object, 'create', '-n', TEAM, '-f', '-');
    expect(made.stderr).toBe('');
  }
  await ready('old', 'drained', 'gone');
  tls = await providedTls();
  await install({ ...tls, webhook: { failurePolicy: 'Fail' } });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('uncordon', node);
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

async function ready(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await kubectl('rollout', 'status', '-n', TEAM, `deployment/${name}`, '--timeout=90s');
  }
}

async function podNames(app: string): Promise<string> {
  const path = 'jsonpath={.items[*].metadata.name}';
  return (await kubectl('get', 'pods', '-n', TEAM, '-l', `app=${app}`, '-o', path)).stdout;
}

describe('a workload in violation that was there before', () => {
  it('rolls', async () => {
    const before = await podNames('old');
    await kubectl('rollout', 'restart', '-n', TEAM, 'deployment/old');
    await ready('old');
    expect(await podNames('old')).not.toBe(before);
  });

  it('scales', async () => {
    await kubectl('scale', '-n', TEAM, 'deployment/old', '--replicas=2');
    await eventually('there are two', async () =>
      (await podNames('old')).split(' ').length === 2 ? true : undefined,
    );
    await ready('old');
  });

  it('is drained and rescheduled', async () => {
    const before = await podNames('drained');
    const drain = ['drain', node, '--pod-selector=app=drained', '--ignore-daemonsets'];
    await kubectl(...drain, '--delete-emptydir-data', '--timeout=60s');
    await kubectl('uncordon', node);
    await ready('drained');
    expect(await podNames('drained')).not.toBe(before);
  });

  it('finishes: its Jobs are made and complete', async () => {
    const manual = await kubectl(
      'create',
      'job',
      'manual',
      '--from=cronjob/nightly',
      '-n',
      TEAM,
    ).catch((error: unknown) => String(error));
    // A Job that a user makes is a new one: refused. The controller's is let through.
    expect(manual).toContain('denied the request');
    await kubectl(
      'patch',
      'cronjob',
      'nightly',
      '-n',
      TEAM,
      '-p',
      '{"spec":{"schedule":"* * * * *"}}',
    );
    await eventually(
      'the Job of the CronJob is complete',
      async () => {
        const path = 'jsonpath={.items[*].status.succeeded}';
        const { stdout } = await kubectl('get', 'jobs', '-n', TEAM, '-o', path);
        return stdout.startsWith('1') ? true : undefined;
      },
      { timeoutMs: 90_000 },
    );
    await kubectl('patch', 'cronjob', 'nightly', '-n', TEAM, '-p', '{"spec":{"suspend":true}}');
  });

  it('takes a new image, but no new violation', async () => {
    const second = { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'other', key: 'token' } } };
    const add = [{ op: 'add', path: '/spec/template/spec/containers/0/env/-', value: second }];
    const patch = ['patch', 'deployment', 'old', '-n', TEAM, '--type=json', '-p'];
    const refused = await kubectl(...patch, JSON.stringify(add)).catch((error: unknown) =>
      String(error),
    );
    expect(refused).toContain('- deny secret-env-ref at spec.template.spec.containers[0].env[1]');
    const label = [{ op: 'add', path: '/spec/template/metadata/labels/release', value: 'two' }];
    await kubectl(...patch, JSON.stringify(label));
    await ready('old');
  });

  it('is deleted', async () => {
    await kubectl('delete', 'deployment', 'gone', '-n', TEAM, '--timeout=60s');
    await eventually(
      'its Pods are gone',
      async () => ((await podNames('gone')) === '' ? true : undefined),
      {
        timeoutMs: 60_000,
      },
    );
  });
});

it('gets no new Pods with controllerPods: enforce', async () => {
  const config = { controllerPods: 'enforce' };
  await install({ ...tls, config });
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
  expect(await podNames('drained')).toBe('');
});
