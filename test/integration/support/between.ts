// Something between a client and the API server, as `kubectl proxy` is: it lets in, waits, or goes away.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send, type Endpoint } from '../harness/transport.ts';

export interface Passed {
  /** With its query. */
  readonly path: string;
  readonly status: number;
}

export interface Between {
  /** Without TLS. */
  readonly url: string;
  readonly passed: readonly Passed[];
  close(): void;
}

/** Passes reads on as the administrator once `before` resolves with true; goes away for good with false. */
export async function between(
  plane: Endpoint,
  before: (path: string) => Promise<boolean>,
): Promise<Between> {
  const passed: Passed[] = [];
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const answer = async ({ url: path = '' }: IncomingMessage, response: ServerResponse) => {
    if (!(await before(path))) {
      close();
      return;
    }
    const url = new URL(path, plane.url);
    const headers = { accept: 'application/json' };
    const { status, body } = await send(plane, { method: 'GET', url, headers });
    passed.push({ path, status });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed, close };
}
