import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { createServer, type Server } from 'node:net';
import { connect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificates, type IssuedCertificates } from '../../src/certs/issue.ts';
import { ConfigurationError } from '../../src/config/load.ts';
import { CertificateError } from '../../src/server/certificate.ts';
import { createLogger } from '../../src/server/logger.ts';
import { serve, type RunningServer, type ServeOptions } from '../../src/server/serve.ts';
import { call } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { pod, responseOf, reviewFor } from '../support/reviews.ts';

const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';
const BODY = JSON.stringify(reviewFor(pod()));
const WATCH_MS = 20;

let folder: string;
let first: IssuedCertificates;
let log: string[];
let server: RunningServer | undefined;
let generation = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-'));
  first = await issueCertificates(['localhost'], 1, new Date());
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

/** Lays files as the kubelet lays a mounted Secret: links into `..data`, itself a link that is swapped. */
async function mount(files: Readonly<Record<string, string>>): Promise<void> {
  const version = `..version-${(generation += 1)}`;
  await mkdir(join(folder, version));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, version, name), content);
    await unlink(join(folder, name)).catch(() => undefined);
    await symlink(join('..data', name), join(folder, name));
  }
  await symlink(version, join(folder, '..data_new'));
  await rename(join(folder, '..data_new'), join(folder, '..data'));
}

async function start(
  changes: Partial<ServeOptions> = {},
  config: Pick<ServeOptions, 'config'> = { config: join(folder, 'hushgate.yaml') },
): Promise<RunningServer> {
  const lines: string[] = [];
  log = lines;
  server = await serve(
    {
      host: 'localhost',
      port: 0,
      metricsPort: 0,
      tlsCert: join(folder, 'tls.crt'),
      tlsKey: join(folder, 'tls.key'),
      drainMs: 0,
      watchMs: WATCH_MS,
      ...config,
      ...changes,
    },
    createLogger('debug', { write: (line) => void lines.push(line) }),
  );
  return server;
}

const pair = ({ cert, key }: IssuedCertificates): Record<string, string> => ({
  'tls.crt': cert,
  'tls.key': key,
});
const mounted = (certificates: IssuedCertificates, config = ''): Record<string, string> => ({
  ...pair(certificates),
  'hushgate.yaml': HEAD + config,
});
const url = (path = ''): string => `https://localhost:${new URL(server?.url ?? '').port}${path}`;
const metrics = async (): Promise<string> => (await fetch(server?.metricsUrl ?? '')).text();
function listen(socket: Server): Promise<number> {
  return new Promise((resolve) => {
    socket.listen(0, 'localhost', () => {
      resolve((socket.address() as { port: number }).port);
    });
  });
}

const logged = (text: string): Promise<true> =>
  eventually(text, () => log.some((line) => line.includes(text)));

describe('the certificate', () => {
  it('is replaced when ..data is swapped, without dropping an open connection', async () => {
    await mount(mounted(first));
    await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await call(url(), first.caCert, { body: BODY, agent });
    const second = await issueCertificates(['localhost'], 1, new Date());
    await mount(mounted(second));
    await logged('certificate reloaded');

    const onOldConnection = await call(url(), first.caCert, { body: BODY, agent });
    const onNewConnection = await call(url(), second.caCert, { body: BODY });
    agent.destroy();

    expect([before, onOldConnection, onNewConnection].map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
    await expect(call(url(), first.caCert, { body: BODY })).rejects.toThrow();
  });

  it('stays when the new pair is broken, and the log and a metric say so', async () => {
    await mount(mounted(first));
    await start();
    const other = await issueCertificates(['localhost'], 1, new Date());
    await mount({ ...mounted(first), 'tls.key': other.key });
    await logged('the key does not belong to the certificate');
    await mount({ ...mounted(first), 'tls.crt': 'CANARY' });
    await logged('the certificate is not PEM');
    await mount({ ...mounted(first), 'tls.key': 'CANARY' });
    await logged('the key is not an unencrypted PEM private key');
    const { status } = await call(url(), first.caCert, { body: BODY });

    expect(status).toBe(200);
    expect(await metrics()).toContain('hushgate_last_reload_success{what="certificate"} 0');
    expect(log.join('')).not.toMatch(/CANARY|PRIVATE KEY|BEGIN/);
  });

  it('stays when the files are gone, said once', async () => {
    await mount(mounted(first));
    await start();
    await rm(join(folder, '..data'));
    await logged('the new certificate is broken');
    await new Promise((resolve) => setTimeout(resolve, 5 * WATCH_MS));
    const { status } = await call(url(), first.caCert, { body: BODY });

    expect(status).toBe(200);
    expect(log.filter((line) => line.includes('the new certificate is broken'))).toHaveLength(1);
  });

  it('must be good at the start', async () => {
    await mount({ ...mounted(first), 'tls.key': 'none' });

    await expect(start()).rejects.toThrow(CertificateError);
    await expect(start({ tlsCert: join(folder, 'none') })).rejects.toThrow(
      /--tls-cert .*\/none: does not exist: /,
    );
    await mount(mounted(first, 'dryRun: true'));
    await new Promise((resolve) => setTimeout(resolve, 10 * WATCH_MS));
    expect(log).toEqual([]);
  });

  it('shows its expiry in a metric', async () => {
    await mount(mounted(first));
    await start();
    const [, seconds] = /expiry_timestamp_seconds (\d+)/.exec(await metrics()) ?? [];

    expect(Math.abs(Number(seconds) - Date.now() / 1000 - 86_400)).toBeLessThan(600);
  });
});

describe('the configuration', () => {
  const verdict = async (): Promise<boolean> =>
    responseOf((await call(url(), first.caCert, { body: BODY })).text).allowed;

  it('is picked up without a restart; a broken one keeps the last good one and says where', async () => {
    await mount(mounted(first));
    await start();
    expect(await verdict()).toBe(false);

    await mount(mounted(first, 'dryRun: true'));
    await logged('configuration reloaded');
    expect(await verdict()).toBe(true);

    await mount(mounted(first, 'dryRun: maybe'));
    await logged('hushgate.yaml:3:1: dryRun must be boolean');
    expect(await verdict()).toBe(true);
    expect(await metrics()).toContain('hushgate_last_reload_success{what="configuration"} 0');

    await mount(mounted(first));
    await eventually('the good one', async () => !(await verdict()));
    expect(await metrics()).toContain('hushgate_last_reload_success{what="configuration"} 1');
  });

  it('must be good at the start; without one the defaults hold', async () => {
    await mount(mounted(first, 'profile: loose'));
    await expect(start()).rejects.toThrow(ConfigurationError);

    await mount(mounted(first));
    await start({}, {});
    expect(await verdict()).toBe(false);
  });
});

describe('stopping', () => {
  it('is not ready at once, still answers, closes its connections, then is gone', async () => {
    await mount(mounted(first));
    await start({ drainMs: 3000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call(url(), first.caCert, { body: BODY, agent });
    const target = url();
    const stopped = server?.stop();
    const [ready, review] = [
      await call(target, first.caCert, { method: 'GET', path: '/readyz', agent }),
      await call(target, first.caCert, { body: BODY, agent }),
    ];
    await stopped;
    server = undefined;
    agent.destroy();

    expect([ready.status, ready.text]).toEqual([503, 'draining']);
    expect([review.status, review.headers.connection]).toEqual([200, 'close']);
    await expect(call(target, first.caCert, { body: BODY })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('leaves nothing listening where a port is taken', async () => {
    await mount(mounted(first));
    const taken = createServer();
    const port = await listen(taken);
    const other = createServer();
    const free = await listen(other);
    await new Promise((resolve) => other.close(resolve));

    await expect(start({ port })).rejects.toThrow(/EADDRINUSE/);
    await expect(start({ port: free, metricsPort: port })).rejects.toThrow(/EADDRINUSE/);
    await expect(call(`https://localhost:${free}`, first.caCert, {})).rejects.toThrow(
      /ECONNREFUSED/,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  it('speaks HTTP/1.1 only and keeps idle connections for longer than the API server does', async () => {
    await mount(mounted(first));
    await start();
    const protocol = await new Promise((resolve) => {
      const socket = connect(
        {
          host: 'localhost',
          port: Number(new URL(url()).port),
          ca: first.caCert,
          ALPNProtocols: ['h2', 'http/1.1'],
        },
        () => {
          resolve(socket.alpnProtocol);
          socket.destroy();
        },
      );
    });
    const agent = new Agent({ keepAlive: true });
    const { headers } = await call(url(), first.caCert, { body: BODY, agent });
    agent.destroy();
    const [, seconds] = /timeout=(\d+)/.exec(String(headers['keep-alive'])) ?? [];

    expect(protocol).toBe('http/1.1');
    expect(Number(seconds)).toBeGreaterThan(90);
    expect(await readFile(join(folder, 'tls.crt'), 'utf8')).toBe(first.cert);
  });
});
