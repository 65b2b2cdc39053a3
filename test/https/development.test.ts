import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificates } from '../../src/certs/issue.ts';
import { CANARY } from '../support/canary.ts';
import { call, type Reply } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { responseOf } from '../support/reviews.ts';

const BIN = join(process.cwd(), 'src/bin/hushgate.ts');

let folder: string;
let running: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-'));
});
afterEach(() => {
  running?.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true }));

interface Started {
  readonly port: number;
  /** What it wrote so far, on both channels. */
  readonly said: () => string;
  /** Ends it by a signal, or waits for its end; the exit code. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** `hushgate serve --dev` as a user runs it, once it answers. */
async function start(node: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const port = await freePort();
  const args = [...node, BIN, 'serve', '--dev', '--port', String(port), '--metrics-port', '0'];
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
  running = child;
  const ended = once(child, 'close') as Promise<[number | null]>;
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  await eventually('the command to try', () => text.includes('curl ') || child.exitCode !== null);
  return {
    port,
    said: () => text,
    end: async (signal) => {
      if (signal !== undefined) child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const made = (name: string): Promise<string> => readFile(join(folder, 'certs', name), 'utf8');

/** What the printed command does: the example, by the CA that was made. */
async function tryOut(port: number): Promise<Reply> {
  const body = await readFile('examples/review-pod-secret-env.json', 'utf8');
  return call(`https://localhost:${port}`, await made('ca.crt'), { body });
}

describe('development mode', () => {
  it('makes its certificate, serves HTTPS on localhost, and prints a command that is denied', async () => {
    const { port, said, end } = await start();
    const { status, text } = await tryOut(port);

    expect(said()).toContain('curl --cacert certs/ca.crt');
    expect(said()).toContain(
      `-d @examples/review-pod-secret-env.json https://localhost:${port}/validate`,
    );
    expect(status).toBe(200);
    expect(responseOf(text).status?.message).toContain(
      'deny secret-env-ref at spec.containers[0].env[0].valueFrom.secretKeyRef: ',
    );
    expect((await stat(join(folder, 'certs/tls.key'))).mode & 0o777).toBe(0o600);
    expect(await end('SIGTERM')).toBe(0);
    expect(said()).toMatch(/"msg":"draining"[^]*"msg":"stopped"/);
    expect(said()).not.toMatch(/BEGIN|PRIVATE/);
  });

  it('keeps a certificate that is valid, and replaces one that is not', async () => {
    const first = await made('tls.crt');
    await (await start()).end('SIGTERM');
    const kept = await made('tls.crt');
    const old = await issueCertificates(['localhost'], 1, new Date('2026-01-01T00:00:00Z'));
    await writeFile(join(folder, 'certs/tls.crt'), old.cert);
    await writeFile(join(folder, 'certs/tls.key'), old.key);
    const { port, end } = await start();
    const { status } = await tryOut(port);
    await end('SIGTERM');

    expect(kept).toBe(first);
    expect(status).toBe(200);
    expect([first, old.cert]).not.toContain(await made('tls.crt'));
  });

  it('keeps what it makes out of Git', () => {
    const files = ['certs/ca.crt', 'certs/tls.crt', 'certs/tls.key', 'certs/tls.key.new'];
    const { stdout } = spawnSync('git', ['check-ignore', ...files], { encoding: 'utf8' });

    expect(stdout.trim().split('\n')).toEqual(files);
  });
});

describe('a crash', () => {
  it.each([
    ['an error that nobody caught', 'throw error;'],
    ['a promise that nobody caught', 'void Promise.reject(error);'],
  ])('by %s stops the server and tells the class alone', async (_, fail) => {
    const preload = join(folder, 'crash.cjs');
    await writeFile(
      preload,
      `const error = new RangeError(process.env.CANARY);\nprocess.on('SIGWINCH', () => { ${fail} });\n`,
    );
    const { said, end } = await start(['--require', preload], { CANARY });
    const code = await end('SIGWINCH');

    expect(code).toBe(1);
    expect(said()).toMatch(/"error":"RangeError".*"msg":"stopping after an unexpected error"/);
    expect(said()).toContain('"msg":"stopped"');
    expect(said()).not.toContain(CANARY);
  });
});
