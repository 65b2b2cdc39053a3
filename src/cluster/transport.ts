// One request to the API server. @kubernetes/client-node finds the cluster and the credentials as kubectl
// does; the requests are plain ones, since its own make a connection pool each.
import type { KubeConfig } from '@kubernetes/client-node';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { ClusterError } from './errors.ts';
import { textAt } from './json.ts';

/** How this program calls itself, also as the field manager of every write. */
export const MANAGER = 'hushgate';

export interface Outgoing {
  readonly method: string;
  readonly body?: string;
  /** Of the body. */
  readonly type?: string;
  readonly timeoutMs: number;
  /** A longer answer is not read to its end. */
  readonly mostBytes?: number;
}

export interface Incoming {
  readonly status: number;
  /** Cut where `tooLarge`. */
  readonly body: string;
  readonly tooLarge: boolean;
  readonly retryAfter: number | undefined;
}

/** Sends a request with the credentials of the configuration; rejects with a ClusterError. */
export async function send(config: KubeConfig, path: string, what: Outgoing): Promise<Incoming> {
  const server = config.getCurrentCluster()?.server ?? '';
  const options = await credentials(config, what);
  return exchange(new URL(`${server}${path}`), options, what).catch((error: unknown) => {
    throw new ClusterError(
      'unreachable',
      `the API server at ${server} cannot be reached: ${codeOf(error)}`,
    );
  });
}

/** The answer as JSON; rejects with a ClusterError where it is none. */
export function parsed(config: KubeConfig, { body }: Incoming): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const server = config.getCurrentCluster()?.server ?? '';
    throw new ClusterError('unreachable', `${server} does not answer as an API server`);
  }
}

async function credentials(
  config: KubeConfig,
  { method, type, body, timeoutMs }: Outgoing,
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
    signal: AbortSignal.timeout(timeoutMs),
  };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ClusterError('unauthenticated', `no credentials for the cluster: ${whyNone(error)}`);
  }
  return options;
}

/** A file or a command that the kubeconfig file names. What the command itself says may hold anything. */
function whyNone(error: unknown): string {
  const call = textAt(error, 'syscall');
  const path = textAt(error, 'path');
  if (call.startsWith('spawn')) return `cannot start ${path}: ${codeOf(error)}`;
  if (call !== '') return `cannot read ${path}: ${codeOf(error)}`;
  return 'the command that the kubeconfig file names for it has failed: run it by itself to see why';
}

function exchange(url: URL, options: RequestOptions, what: Outgoing): Promise<Incoming> {
  const start = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const request = start(url, options, (response) => {
      read(response, what.mostBytes ?? Infinity).then(resolve, reject);
    });
    request.on('error', reject);
    request.end(what.body);
  });
}

async function read(response: IncomingMessage, mostBytes: number): Promise<Incoming> {
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving the loop ends the response.
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) break;
    parts.push(part);
  }
  const seconds = Number(response.headers['retry-after']);
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts).toString('utf8'),
    tooLarge: size > mostBytes,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  };
}

/** The code of a system or TLS error, else its class: a message may hold what must not be shown. */
function codeOf(error: unknown): string {
  const code = textAt(error, 'code');
  if (code !== '') return code;
  return error instanceof Error ? error.name : 'unknown error';
}
