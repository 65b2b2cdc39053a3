// Clients that take their time, or give up.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { TestApp } from './app.ts';
import type { Reply } from './client.ts';

const PAUSE_MS = 300;

/** A request whose headers go at once, and most of its body a while later. */
export function sendSlowly(app: TestApp, path: string, body: string): Promise<Reply> {
  async function* slowly(): AsyncGenerator<string> {
    yield body.slice(0, 10);
    await sleep(PAUSE_MS);
    yield body.slice(10);
  }
  return app.send({ path, body: Readable.from(slowly()) });
}

const HALF = [
  'POST /validate HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  'Content-Length: 99',
  '',
  '{"a"',
].join('\r\n');

/** Half of a request, then nothing more; resolves when the connection is closed. */
export function sendHalf(app: TestApp, how: 'end' | 'destroy'): Promise<void> {
  const { hostname, port } = new URL(app.url);
  const to = { host: hostname, port: Number(port), ca: app.caCert, servername: 'localhost' };
  return new Promise((resolve) => {
    const socket = connect(to, () => {
      socket.write(HALF, () => void socket[how]());
    });
    socket.resume().on('close', () => {
      resolve();
    });
  });
}
