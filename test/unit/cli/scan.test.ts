import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanFiles } from '../../../src/cli/scan-files.ts';
import { defaultSettings } from '../../../src/config/load.ts';

const BIN = join(process.cwd(), 'src/bin/hushgate.ts');
const BAD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true}
  containers:
  - name: app
    env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}]
`;
const GOOD = BAD.replace(/ {4}env.*\n/, '');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-scan-'));
  const files = { 'bad.yaml': BAD, 'good.yaml': GOOD, 'broken.yaml': 'a: [' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function scan(args: readonly string[], stdin = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' }, timeout: 20_000 };
    const child = execFile(
      process.execPath,
      [BIN, 'scan', ...args],
      options,
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end(stdin);
  });
}

describe('a folder', () => {
  it('without a manifest is told, and is not clean', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const given = { paths: [empty], recursive: false, namespace: 'default' };
    const { errors, summary } = await scanFiles(given, defaultSettings());

    expect(errors.map(({ file, message }) => `${file} ${message}`)).toEqual([
      `${empty} has no manifest to scan (.yaml, .yml, .json); -R looks into the folders below`,
    ]);
    expect(summary).toMatchObject({ files: 0, errors: 1 });
  });
});

describe('hushgate scan', () => {
  it.each([
    [['-f', 'good.yaml'], 0],
    [['good.yaml'], 0],
    [['-f', 'bad.yaml'], 1],
    [['-f', 'bad.yaml', '--fail-on', 'never'], 0],
    [['-f', 'bad.yaml', '--profile', 'permissive'], 0],
    [['-f', 'bad.yaml', '--profile', 'permissive', '--fail-on', 'warn'], 1],
    [['-f', 'good.yaml', '-f', 'broken.yaml'], 2],
    [['-f', 'good.yaml', '-f', 'broken.yaml', '--allow-unjudged'], 0],
    [['-f', 'bad.yaml', '-f', 'broken.yaml', '--allow-unjudged'], 1],
    [['-f', 'none.yaml'], 2],
    [[], 2],
    [['-f', ''], 2],
    [['-f', '-', '-f', '-'], 2],
    [['-f', 'https://example.com/a.yaml'], 2],
    [['-f', 'good.yaml', '-o', 'html5'], 2],
    [['-f', 'good.yaml', '-n', 'A B'], 2],
    [['-f', 'good.yaml', '--baseline', 'broken.yaml'], 2],
    [['-f', 'good.yaml', '-A'], 2],
    [['-f', 'good.yaml', '--cluster'], 2],
    [['--cluster', '-A', '-n', 'shop'], 2],
    [['--cluster', '--kubeconfig', 'none.yaml'], 2],
    [['--cluster', '--chunk-size', '0'], 2],
    [['--cluster', '--custom-workload', 'rollouts'], 2],
  ])('%j exits %i', async (args, code) => {
    expect((await scan(args)).code).toBe(code);
  });

  it.each([
    [['--config', 'none.yaml'], '--config none.yaml: does not exist: check the path'],
    [['--config', 'good.yaml/x'], '--config good.yaml/x: does not exist: check the path'],
    [['--config', '.'], '--config .: is a folder: name a file in it'],
    [['--baseline', 'none.json'], '--baseline none.json: does not exist: check the path, or make'],
    [['--baseline', '.'], '--baseline .: is a folder: name a file in it'],
    [
      ['--write-baseline', 'none/b.json'],
      '--write-baseline none/b.json: its folder does not exist',
    ],
    [['--write-baseline', '.'], '--write-baseline .: is a folder: name a file in it'],
  ])('%j is a mistake in the usage: exit 2, and says what', async (args, message) => {
    const { code, stdout, stderr } = await scan(['-f', 'good.yaml', ...args]);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^hushgate: [^\n]*\n$/);
    expect(stderr).toContain(message);
  });

  it('ends quietly where its reader has seen enough', async () => {
    const wide = join(folder, 'wide.yaml');
    writeFileSync(
      wide,
      Array.from({ length: 300 }, (_, n) => BAD.replace('name: a', `name: a${n}`)).join('---\n'),
    );
    const { stdout, stderr } = await new Promise<Omit<Outcome, 'code'>>((resolve) => {
      const command = '"$0" "$1" scan -f "$2" | head -1';
      execFile('sh', ['-c', command, process.execPath, BIN, wide], (_, out, err) => {
        resolve({ stdout: out, stderr: err });
      });
    });

    expect([stdout.split('\n').length, stderr]).toEqual([2, '']);
  });

  it('reads the standard input, and tells the place', async () => {
    const { code, stdout, stderr } = await scan(['-f', '-', '-n', 'shop'], BAD);

    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('Pod shop/a (<stdin>, document 1)');
    expect(stdout).toContain('<stdin>:9:33');
  });

  it('accepts a baseline, and fails on what is new', async () => {
    expect((await scan(['-f', 'bad.yaml', '--write-baseline', 'base.json'])).code).toBe(0);
    expect((await scan(['-f', 'bad.yaml', '--baseline', 'base.json'])).code).toBe(0);
    expect(
      (await scan(['-f', '-', '--baseline', 'base.json'], BAD.replace('db', 'other'))).code,
    ).toBe(1);
    expect(readFileSync(join(folder, 'base.json'), 'utf8')).toContain('"policy": "secret-env-ref"');
  });

  it('teaches', async () => {
    const { code, stdout } = await scan(['--help']);

    expect(code).toBe(0);
    expect(stdout).toContain('helm template charts/shop | hushgate scan -f -');
    expect(stdout).toContain('Exit codes');
  });
});
