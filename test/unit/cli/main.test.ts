import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../../src/policies/catalogue.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const BIN = join(process.cwd(), 'src/bin/hushgate.ts');

/** Runs the command line as a user does, in a process of its own. */
function hushgate(args: readonly string[], node: readonly string[] = []): Promise<Outcome> {
  return run(process.execPath, [...node, BIN, ...args]);
}

function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
    execFile(command, [...args], { env, cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

describe('hushgate', () => {
  it('teaches: --help of each command has a description and exits 0', async () => {
    const helps = await Promise.all(
      [[], ['serve'], ['certs'], ['policies'], ['policies', 'explain'], ['completion']].map(
        (words) => hushgate([...words, '--help']),
      ),
    );

    for (const { code, stdout, stderr } of helps) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: hushgate/);
    }
    for (const command of ['serve', 'certs', 'policies', 'completion']) {
      expect(helps[0]?.stdout).toContain(command);
    }
    expect(helps[1]?.stdout).toContain('env: HUSHGATE_LOG_LEVEL');
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };

    expect(await hushgate(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['serv'], "unknown command 'serv'"],
    [['serve', '--prot', '1'], "unknown option '--prot'"],
    [['serve', '--port', '70000'], 'It is a number from 0 (any free port) to 65535.'],
    [['serve', '--log-level', 'loud'], 'Allowed choices are fatal, error'],
    [['serve', '--drain-seconds', ''], 'It is a number of seconds from 0 to 3600.'],
    [['certs'], "required option '--dns <name...>' not specified"],
    [['certs', '--dns', 'a', '--days', '0'], 'It is a whole number from 1 to 3650.'],
    [['policies', 'explain', 'secret-env-reff'], 'Allowed choices are'],
    [
      ['serve', '--tls-cert', 'none', '--tls-key', 'none'],
      '--tls-cert none: does not exist: check the path, or make one with `hushgate certs`',
    ],
    [['serve', '--config', 'none.yaml'], '--config none.yaml: does not exist: check the path'],
    [['serve', '--config', '.'], '--config .: is a folder: name a file in it'],
  ])('%j is a mistake in the usage: exit 2, and says what', async (args, message) => {
    const { code, stdout, stderr } = await hushgate(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('says where a configuration is wrong: exit 2', async () => {
    const config = join(folder, 'bad.yaml');
    await writeFile(
      config,
      'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\nprofile: x\n',
    );
    const { code, stderr } = await hushgate(['serve', '--config', config]);

    expect(code).toBe(2);
    expect(stderr).toContain(`${config}:3:1: profile must be one of permissive, baseline, strict`);
  });

  it('started by an older Node says which version it needs', async () => {
    const preload = join(folder, 'old-node.cjs');
    await writeFile(
      preload,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
    );
    const { code, stdout, stderr } = await hushgate(['--version'], ['--require', preload]);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('hushgate needs Node.js 22.19 or later; this is 20.20.2.\n');
  });
});

describe('hushgate policies', () => {
  it('lists every policy, as a table, as names and as JSON', async () => {
    const [table, names, json] = await Promise.all([
      hushgate(['policies']),
      hushgate(['policies', 'list', '-o', 'name']),
      hushgate(['policies', 'list', '-o', 'json']),
    ]);
    const ids = catalogue.map(({ meta }) => meta.id);
    const rows = JSON.parse(json.stdout) as { id: string; modes: { baseline: string } }[];

    expect(table.stdout.split('\n')[0]).toMatch(
      /^POLICY +SEVERITY +PERMISSIVE +BASELINE +STRICT +FINDS$/,
    );
    expect(table.stdout).toMatch(/^secret-env-ref +high +warn +deny +deny +Environment variable/m);
    expect(names.stdout.trim().split('\n')).toEqual(ids);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(rows.find(({ id }) => id === 'secret-env-ref')?.modes.baseline).toBe('deny');
  });

  it('explains one', async () => {
    const { code, stdout } = await hushgate(['policies', 'explain', 'rbac-secrets-list-watch']);

    expect(code).toBe(0);
    expect(stdout).toContain('rbac-secrets-list-watch: Role that lists or watches Secrets');
    expect(stdout).toContain('When not to use it');
  });
});

describe('hushgate certs', () => {
  it('makes a CA and a certificate for the names, the key for its owner alone, and prints no PEM', async () => {
    const out = join(folder, 'made');
    const { code, stdout, stderr } = await hushgate([
      'certs',
      '--dns',
      'localhost',
      '127.0.0.1',
      '--days',
      '7',
      '--out',
      out,
    ]);
    const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8');
    const ca = new X509Certificate(await read('ca.crt'));
    const cert = new X509Certificate(await read('tls.crt'));
    const key = createPrivateKey(await read('tls.key'));

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toEqual(
      ['ca.crt', 'tls.crt', 'tls.key'].map((name) => join(out, name)),
    );
    expect((await stat(join(out, 'tls.key'))).mode & 0o777).toBe(0o600);
    expect([ca.ca, cert.ca]).toEqual([true, false]);
    expect(cert.verify(ca.publicKey) && cert.checkIssued(ca) && cert.checkPrivateKey(key)).toBe(
      true,
    );
    expect(cert.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(cert.publicKey.asymmetricKeyType).toBe('ec');
    const days = (cert.validToDate.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });
});

describe('hushgate completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { code, stdout } = await hushgate(['completion', shell]);

    expect(code).toBe(0);
    for (const word of ['policies', 'secret-env-ref', '--metrics-port']) {
      expect(stdout).toContain(word);
    }
  });
});
