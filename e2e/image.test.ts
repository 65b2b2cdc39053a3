// The image by itself: its size, who runs in it, how soon it answers.
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { eventually } from '../test/integration/harness/poll.ts';
import { buildImage } from './support/build.ts';
import { image } from './support/environment.ts';
import { run } from './support/shell.ts';

jest.setTimeout(300_000);

const BASE = 'gcr.io/distroless/nodejs24-debian13:nonroot';
const MEGABYTE = 1e6;

const docker = async (...args: readonly string[]): Promise<string> =>
  (await run('docker', args)).stdout;

it('adds less than 50 MB to its base', async () => {
  const sizes = await docker('image', 'inspect', '--format', '{{.Size}}', image, BASE);
  const [own = 0, base = 0] = sizes.split('\n').map((size) => Number(size) / MEGABYTE);
  process.stderr.write(`image: ${own.toFixed(1)} MB, its base ${base.toFixed(1)} MB\n`);
  expect(own - base).toBeGreaterThan(0);
  expect(own - base).toBeLessThan(50);
});

it('runs as nobody in particular, with labels, and tells its version', async () => {
  const config = JSON.parse(
    await docker('image', 'inspect', '--format', '{{json .Config}}', image),
  ) as {
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  expect(config.User).toBe('65532:65532');
  expect(config.Labels).toMatchObject({
    'org.opencontainers.image.title': 'Hushgate',
    'org.opencontainers.image.licenses': 'Apache-2.0',
  });
  expect(await docker('run', '--rm', image, '--version')).toMatch(/^\d+\.\d+\.\d+$/);
});

it('has no development dependency, no source, no shell', async () => {
  const script =
    "console.log(['typescript', 'jest', 'eslint', 'node', '@swc'].filter((name) => require('fs').existsSync('/app/node_modules/' + name)).concat(['/app/src', '/bin/sh', '/usr/bin/npm'].filter((path) => require('fs').existsSync(path))).join())";
  expect(await docker('run', '--rm', '--entrypoint', '/nodejs/bin/node', image, '-e', script)).toBe(
    '',
  );
});

it('has the same layers when it is built again from the same sources', async () => {
  const layers = (tag: string): Promise<string> =>
    docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', tag);
  const again = `${image}-again`;
  await buildImage(again, '--no-cache');
  const both = [await layers(image), await layers(again)];
  await docker('image', 'rm', again);
  expect(both[1]).toBe(both[0]);
});

it('is ready less than two seconds after its start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hushgate-image-'));
  await run('node', ['src/bin/hushgate.ts', 'certs', '--dns', 'localhost', '--out', folder]);
  await chmod(folder, 0o755);
  // Who wrote the key is who may read it.
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const flags = ['--tls-cert=/certs/tls.crt', '--tls-key=/certs/tls.key'];
  const id = await docker(
    'run',
    '-d',
    '--user',
    user,
    '-v',
    `${folder}:/certs:ro`,
    image,
    'serve',
    ...flags,
  );
  try {
    // Ready is what it is as soon as it listens; both clocks are the machine's.
    const listening = await eventually('it listens', async () => {
      const { stderr } = await run('docker', ['logs', id]);
      const line = stderr.split('\n').find((text) => text.includes('"msg":"listening"'));
      return line === undefined ? undefined : (JSON.parse(line) as { readonly time: string }).time;
    });
    const started = await docker('inspect', '--format', '{{.State.StartedAt}}', id);
    const took = Date.parse(listening) - Date.parse(started);
    process.stderr.write(`image: ready ${took} ms after the container's start\n`);
    expect(took).toBeLessThan(2000);
  } finally {
    await docker('rm', '-f', id);
  }
});
