import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(60_000);

const BIN = join(process.cwd(), 'src/bin/hushgate.ts');
const BEFORE = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  securityContext: {runAsNonRoot: true, fsGroup: 1}
  automountServiceAccountToken: false
  containers:
  - name: app
    env:
    - {name: X, value: hunter2}
    volumeMounts:
    - {name: s, mountPath: /s} # why
  volumes:
  - name: s
    secret: {secretName: s}
`;
const AFTER = BEFORE.replace('/s}', '/s, readOnly: true}').replace(
  'secretName: s}',
  'secretName: s, defaultMode: 0440}',
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-fix-'));
  writeFileSync(join(folder, 'a.yaml'), BEFORE);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function scan(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' }, timeout: 50_000 };
    execFile(process.execPath, [BIN, 'scan', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    }).stdin?.end();
  });
}

const read = (name = 'a.yaml'): string => readFileSync(join(folder, name), 'utf8');
const summary = ({ stdout }: Outcome): unknown =>
  (JSON.parse(stdout) as { summary: unknown }).summary;

describe('hushgate scan --fix', () => {
  it('rewrites the file, shows the diff without values on stderr, and reports what is left', async () => {
    chmodSync(join(folder, 'a.yaml'), 0o640);
    const outcome = await scan('--fix', 'a.yaml', '--fail-on', 'audit', '-o', 'json');

    expect([outcome.code, read()]).toEqual([0, AFTER]);
    expect(summary(outcome)).toMatchObject({ warn: 0, audit: 0, deny: 0 });
    expect(outcome.stderr).toContain('+    - {name: s, mountPath: /s, readOnly: true} # …\n');
    expect(outcome.stderr).toContain('fixed 2 findings in 1 file\n');
    expect(outcome.stderr).not.toContain('hunter2');
    expect(statSync(join(folder, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a.yaml']);
  });

  it('has nothing to write a second time', async () => {
    await scan('--fix', 'a.yaml');
    const first = statSync(join(folder, 'a.yaml'));
    const outcome = await scan('--fix', 'a.yaml');
    const { ino, mtimeMs } = statSync(join(folder, 'a.yaml'));

    expect([outcome.code, read()]).toEqual([0, AFTER]);
    expect(outcome.stderr).toBe('fixed 0 findings in 0 files\n');
    expect([ino, mtimeMs]).toEqual([first.ino, first.mtimeMs]);
  });

  it('with --dry-run writes nothing, and reports what is there now', async () => {
    const outcome = await scan(
      '--fix',
      '--dry-run',
      '-f',
      'a.yaml',
      '--fail-on',
      'audit',
      '-o',
      'json',
    );

    expect([outcome.code, read()]).toEqual([1, BEFORE]);
    expect(summary(outcome)).toMatchObject({ warn: 1, audit: 1 });
    expect(outcome.stderr).toContain(
      'would fix 2 findings in 1 file (--dry-run: nothing is written)',
    );
  });

  it('keeps marks, line ends and UTF-16, and replaces the target of a link', async () => {
    const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    writeFileSync(join(folder, 'real'), windows(BEFORE));
    symlinkSync('real', join(folder, 'link.yaml'));
    writeFileSync(join(folder, 'wide.yaml'), Buffer.from(windows(BEFORE), 'utf16le'));
    const { code } = await scan('--fix', '-f', 'link.yaml', '-f', 'wide.yaml');

    expect(code).toBe(0);
    expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
    expect(read('real')).toBe(windows(AFTER));
    expect(readFileSync(join(folder, 'wide.yaml')).toString('utf16le')).toBe(windows(AFTER));
  });

  it('leaves templates and broken files, and ends with 2 for a file that it may not replace', async () => {
    writeFileSync(join(folder, 't.yaml'), `${BEFORE}# {{ include "x" . }}\n`);
    linkSync(join(folder, 'a.yaml'), join(folder, 'b.yaml'));
    const { code, stderr } = await scan(
      '--fix',
      '-f',
      'a.yaml',
      '-f',
      't.yaml',
      '--allow-unjudged',
    );

    expect([code, read(), read('t.yaml').startsWith(BEFORE)]).toEqual([2, BEFORE, true]);
    expect(stderr).toContain('a.yaml: not fixed: it has another name (a hard link)');
  });

  it('ends with 2 for a file that is read-only, and fixes the others', async () => {
    writeFileSync(join(folder, 'b.yaml'), BEFORE);
    chmodSync(join(folder, 'a.yaml'), 0o444);
    const { code, stderr } = await scan('--fix', '-f', '.');

    expect([code, read(), read('b.yaml')]).toEqual([2, BEFORE, AFTER]);
    expect(stderr).toContain('a.yaml: not fixed: it is read-only: chmod u+w first\n');
    expect(stderr).toContain('fixed 2 findings in 1 file; 1 file not written\n');
  });

  it.each([
    [['--fix', '-f', '-'], /--fix rewrites files, and - is none/],
    [['--fix', '-f', '/dev/null'], /\/dev\/null is none/],
    [['--dry-run', '-f', 'a.yaml'], /--dry-run goes with --fix/],
    [['--fix=all', '-f', 'a.yaml'], /It is a list of automount, env/],
  ])('%j is a mistake of usage', async (args, message) => {
    const { code, stdout, stderr } = await scan(...args);

    expect([code, stdout, read()]).toEqual([2, '', BEFORE]);
    expect(stderr).toMatch(message);
  });
});
