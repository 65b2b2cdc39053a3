// Calls to the API server on single objects by name.
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError, refusal } from './errors.ts';
import { whereAndWho, type KubeConfigOptions } from './kube-config.ts';
import type { Target } from './targets.ts';
import { MANAGER, parsed, send } from './transport.ts';

export interface ClusterClient {
  /** The object, parsed; rejects with a ClusterError. */
  get(target: Target): Promise<unknown>;
  /** Replaces it; its `metadata.resourceVersion` is what it must still be. */
  update(target: Target, object: object): Promise<unknown>;
  /** A JSON patch (RFC 6902). */
  patch(target: Target, operations: readonly object[]): Promise<unknown>;
  delete(target: Target): Promise<unknown>;
}

const TIMEOUT_MS = 10_000;

/** A client for the cluster that kubectl would talk to; rejects with a ClusterError when there is none. */
export async function connect(options: KubeConfigOptions): Promise<ClusterClient> {
  const config = await whereAndWho(options);
  return {
    get: (target) => call(config, target, { verb: 'get', method: 'GET' }),
    update: (target, object) =>
      call(config, target, { verb: 'update', method: 'PUT', body: JSON.stringify(object) }),
    patch: (target, operations) =>
      call(config, target, {
        verb: 'patch',
        method: 'PATCH',
        body: JSON.stringify(operations),
        type: 'application/json-patch+json',
      }),
    delete: (target) => call(config, target, { verb: 'delete', method: 'DELETE' }),
  };
}

interface Call {
  readonly verb: string;
  readonly method: string;
  readonly body?: string;
  readonly type?: string;
}

async function call(config: KubeConfig, target: Target, what: Call): Promise<unknown> {
  // An empty name, or one with a path in it, would reach something else: DELETE the whole collection.
  for (const name of [target.name, target.namespace ?? target.name]) {
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) {
      throw new ClusterError('misconfigured', `"${name}" is no name of an object`);
    }
  }
  const answer = await send(config, pathOf(target, what), { ...what, timeoutMs: TIMEOUT_MS });
  if (answer.status < 200 || answer.status > 299) throw problem(answer.status, target, what);
  return parsed(config, answer);
}

function pathOf(target: Target, { method }: Call): string {
  const { group, resource, namespace, name } = target;
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const query = method === 'PUT' || method === 'PATCH' ? `?fieldManager=${MANAGER}` : '';
  return `${root}${scope}/${resource}/${encodeURIComponent(name)}${query}`;
}

function problem(status: number, target: Target, { verb }: Call): ClusterError {
  const { resource, namespace, name } = target;
  const what = `${resource} "${name}"${namespace === undefined ? '' : ` in namespace "${namespace}"`}`;
  switch (status) {
    case 404:
      return new ClusterError('missing', `there is no ${what} (404)`);
    case 409:
      return new ClusterError('conflict', `${what} has changed meanwhile (409)`);
    default:
      return refusal(status, { ...target, verb, what });
  }
}
