// The cluster's API without a client's reading of it.
import { Agent } from 'node:https';
import {
  request,
  type ApiRequest,
  type ApiResponse,
} from '../../test/integration/harness/request.ts';
import type { Endpoint } from '../../test/integration/harness/transport.ts';
import { token } from './environment.ts';
import { kubectl } from './shell.ts';

interface KubeConfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
}

let known: Promise<Endpoint> | undefined;

/** The API server, as cluster administrator. */
export function endpoint(): Promise<Endpoint> {
  known ??= connect();
  return known;
}

async function connect(): Promise<Endpoint> {
  const { stdout } = await kubectl('config', 'view', '--raw', '--minify', '-o', 'json');
  const [entry] = (JSON.parse(stdout) as KubeConfig).clusters;
  if (entry === undefined) throw new Error('no cluster in the kubeconfig');
  const { server, 'certificate-authority-data': ca } = entry.cluster;
  const caPem = Buffer.from(ca, 'base64').toString();
  return { url: server, caPem, token, agent: new Agent({ keepAlive: true }) };
}

export async function api(options: ApiRequest): Promise<ApiResponse> {
  return request(await endpoint(), options);
}

/** The message of a Status. */
export function messageOf({ body }: ApiResponse): string {
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : JSON.stringify(body);
}
