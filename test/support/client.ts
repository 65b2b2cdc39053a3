import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
  readonly agent?: Agent;
}

/** One HTTPS request to a server on this machine that a given CA vouches for. */
export function call(url: string, ca: string, { body, agent, ...given }: Call): Promise<Reply> {
  const options: RequestOptions = {
    method: given.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...given.headers },
    ca,
    agent: agent ?? new Agent({ keepAlive: false }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${given.path ?? '/validate'}`, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    if (body instanceof Readable) body.pipe(sent);
    else sent.end(body);
  });
}
