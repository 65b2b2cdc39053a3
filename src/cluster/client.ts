// Calls to the API server on single objects by name. @kubernetes/client-node finds the cluster and the
// credentials as kubectl does; the requests are plain ones, since its own make a connection pool each.
import type { KubeConfig } from '@kubernetes/client-node';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { ClusterError } from './errors.ts';
import { textAt } from './json.ts';
import { whereAndWho, type KubeConfigOptions } from './kube-config.ts';
import type { Target } from './targets.ts';

export interface ClusterClient {
  /** The object, parsed; rejects with a ClusterError. */
  get(target: Target): Promise<unknown>;
  /** Replaces it; its `metadata.resourceVersion` is what it must still be. */
  update(target: Target, object: object): Promise<unknown>;
  /** A JSON patch (RFC 6902). */
  patch(target: Target, operations: readonly object[]): Promise<unknown>;
  delete(target: Target): Promise<unknown>;
}

/** The field manager of every write. */
const MANAGER = 'hushgate';
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
  const server = config.getCurrentCluster()?.server ?? '';
  const options = await credentials(config, what);
  const answer = await send(urlOf(server, target, what), options, what.body).catch(
    (error: unknown) => {
      const why = codeOf(error);
      throw new ClusterError(
        'unreachable',
        `the API server at ${server} cannot be reached: ${why}`,
      );
    },
  );
  if (answer.status < 200 || answer.status > 299) throw refusal(answer.status, target, what);
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new ClusterError('unreachable', `${server} does not answer as an API server`);
  }
}

async function credentials(
  config: KubeConfig,
  { method, type, body }: Call,
): Promise<RequestOptions> {
  const options: RequestOptions = {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': MANAGER,
      ...(body === undefined
        ? {}
        : {
            'content-type': type ?? 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ClusterError('unauthenticated', `no credentials for the cluster: ${codeOf(error)}`);
  }
  return options;
}

function urlOf(server: string, target: Target, { method }: Call): URL {
  const { group, resource, namespace, name } = target;
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const url = new URL(`${server}${root}${scope}/${resource}/${encodeURIComponent(name)}`);
  if (method === 'PUT' || method === 'PATCH') url.searchParams.set('fieldManager', MANAGER);
  return url;
}

function send(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
): Promise<{ readonly status: number; readonly body: string }> {
  const start = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const request = start(url, options, (response) => {
      text(response).then((content) => {
        resolve({ status: response.statusCode ?? 0, body: content });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** By the status alone: the server's own message may quote the object. */
function refusal(status: number, target: Target, { verb }: Call): ClusterError {
  const { group, resource, namespace, name } = target;
  const object = `${resource} "${name}"${namespace === undefined ? '' : ` in namespace "${namespace}"`}`;
  switch (status) {
    case 401:
      return new ClusterError(
        'unauthenticated',
        'the API server does not accept the credentials (401)',
      );
    case 403:
      return new ClusterError(
        'forbidden',
        `not allowed to ${verb} ${object} (403): grant the verb "${verb}" on the resource "${resource}" of the API group "${group}" with the resourceName "${name}"`,
      );
    case 404:
      return new ClusterError('missing', `there is no ${object} (404)`);
    case 409:
      return new ClusterError('conflict', `${object} has changed meanwhile (409)`);
    default:
      return new ClusterError('refused', `the API server refuses to ${verb} ${object} (${status})`);
  }
}

/** The code of a system or TLS error, else its class: a message may hold what must not be shown. */
function codeOf(error: unknown): string {
  const code = textAt(error, 'code');
  if (code !== '') return code;
  return error instanceof Error ? error.name : 'unknown error';
}
