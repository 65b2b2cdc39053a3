import { api, messageOf } from './api.ts';
import { image } from './environment.ts';
import { kubectl } from './shell.ts';
import { eventually } from '../../test/integration/harness/poll.ts';

/** A namespace in which Pods can be made. */
export async function makeNamespace(name: string): Promise<void> {
  const found = await kubectl('get', 'namespace', name, '--ignore-not-found', '-o', 'name');
  if (found.stdout === '') await kubectl('create', 'namespace', name);
  await eventually(`${name} has a ServiceAccount`, async () => {
    const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    return (await api({ method: 'GET', path })).status === 200 ? true : undefined;
  });
}

/** Takes its password from the environment, which baseline denies. */
export function violator(image: string) {
  const secretKeyRef = { name: 'database', key: 'password' };
  return { name: 'main', image, env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef } }] };
}

/** Does nothing, in our own image, which the node has. */
export const idle = {
  name: 'main',
  image,
  command: ['/nodejs/bin/node', '-e', 'setInterval(() => {}, 1e6)'],
};

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** One Pod of this container, and quickly gone. */
export function workload<T extends object>(kind: WorkloadKind, name: string, container: T) {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(container) },
    },
  };
}

export function podSpec<T extends object>(container: T) {
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [container],
  };
}

/** What the API server says to a dry-run create of a Pod that takes a Secret from its environment. */
export async function probe(namespace: string): Promise<string> {
  const spec = podSpec(violator('registry.example/app:1'));
  const answer = await api({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { dryRun: 'All' },
    body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe' }, spec },
  });
  if (answer.status === 201) return `201 ${answer.warnings.join('\n')}`;
  return `${answer.status} ${messageOf(answer)}`;
}

/** The webhook is known to every API server a moment after it is registered. */
export async function untilProbe(namespace: string, expected: RegExp, timeoutMs = 30_000) {
  let last = '';
  const matches = async (): Promise<true | undefined> => {
    last = await probe(namespace);
    return expected.test(last) ? true : undefined;
  };
  await eventually(`a Pod is answered by ${String(expected)}`, matches, { timeoutMs }).catch(
    (cause: unknown) => {
      throw new Error(`last answer: ${last}`, { cause });
    },
  );
}
