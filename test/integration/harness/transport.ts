// One HTTPS request to the API server, by node:https alone.
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type Agent, type RequestOptions } from 'node:https';
import { buffer } from 'node:stream/consumers';

// A write may take 34 s: the API server's bound over all webhooks.
const TIMEOUT_MS = 45_000;

/** Where the API server is and how its administrator gets in. */
export interface Endpoint {
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
  readonly agent: Agent;
}

/** Whom the administrator impersonates. The API server adds system:authenticated itself. */
export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
}

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | undefined;
  readonly as?: Identity | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function send(plane: Endpoint, outgoing: Outgoing): Promise<Incoming> {
  const { method, url, headers, payload, as } = outgoing;
  const options: RequestOptions = {
    method,
    agent: plane.agent,
    ca: plane.caPem,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      ...headers,
      authorization: `Bearer ${plane.token}`,
      ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
      ...(as === undefined ? {} : { 'impersonate-user': as.user }),
      ...(as?.groups === undefined ? {} : { 'impersonate-group': [...as.groups] }),
    },
  };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, options, (response) => {
      const status = response.statusCode ?? 0;
      buffer(response).then((body) => {
        resolve({ status, headers: response.headers, body });
      }, reject);
    });
    request.on('error', reject);
    request.end(payload);
  });
}
