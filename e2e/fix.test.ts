// What `hushgate scan --fix` writes, on a real kubelet: a program that is not root reads what it read before.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportedFinding } from '../src/scan/report.ts';
import { makeNamespace } from './support/objects.ts';
import { MANIFESTS, type Seen } from './support/readers.ts';
import { kubectl, run } from './support/shell.ts';

jest.setTimeout(180_000);

const BEFORE = 'e2e-fix-before';
const AFTER = 'e2e-fix-after';
const FIXES = '--fix=automount,env';
const FIXED = [
  'secret-env-ref',
  'secret-volume-mode',
  'secret-volume-writable',
  'service-account-token-automount',
];
const password = randomBytes(12).toString('hex');
const digest = createHash('sha256').update(password).digest('hex');

let folder: string;
let file: string;
let fixed: { readonly text: string; readonly stderr: string };
let before: ReadonlyMap<string, Seen>;
let after: ReadonlyMap<string, Seen>;

const scan = (...args: readonly string[]) =>
  run('node', ['src/bin/hushgate.ts', 'scan', '-f', file, '-o', 'json', ...args], {
    allowFailure: true,
  });

/** What the program of each Pod of a file saw. */
async function seenBy(namespace: string): Promise<ReadonlyMap<string, Seen>> {
  await kubectl('apply', '-n', namespace, '-f', file);
  const done = '--for=jsonpath={.status.phase}=Succeeded';
  await kubectl('wait', '-n', namespace, done, 'pods', '--all', '--timeout=90s');
  const names = "jsonpath={range .items[*]}{.metadata.name}{'\\n'}{end}";
  const { stdout } = await kubectl('get', 'pods', '-n', namespace, '-o', names);
  const logs = stdout.split('\n').map(async (name) => {
    const log = await kubectl('logs', '-n', namespace, name);
    return [name, JSON.parse(log.stdout) as Seen] as const;
  });
  return new Map(await Promise.all(logs));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-fix-'));
  file = join(folder, 'pods.yaml');
  await writeFile(file, MANIFESTS);
  for (const namespace of [BEFORE, AFTER]) {
    await makeNamespace(namespace);
    const secret = ['create', 'secret', 'generic', 'db', `--from-literal=password=${password}`];
    await kubectl('-n', namespace, ...secret);
  }
  before = await seenBy(BEFORE);
  const { stderr } = await scan(FIXES);
  fixed = { text: await readFile(file, 'utf8'), stderr };
  after = await seenBy(AFTER);
});
afterAll(async () => {
  for (const namespace of [BEFORE, AFTER]) {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  }
  await rm(folder, { recursive: true });
});

const owned = { uid: 0, gid: 2000, digest, writable: false };

describe('a program that is not root, in a Pod with an fsGroup', () => {
  it.each([
    ['a volume without a mode', 'whole', '/s/password'],
    ['an item with a mode', 'items', '/s/pw'],
    ['a subPath', 'sub-path', '/etc/pw'],
    ['a projected volume', 'projected', '/s/password'],
    ['a projected item with a mode', 'projected-item', '/s/pw'],
  ])('reads the file of %s as before, which others may not any more', (_, pod, path) => {
    expect(before.get(pod)).toMatchObject({ uid: 1000, files: [{ path, mode: '644', ...owned }] });
    expect(after.get(pod)).toMatchObject({ uid: 1000, files: [{ path, mode: '440', ...owned }] });
  });

  it('reads the file that its variable has become, and has the value no more in its environment', () => {
    expect(before.get('env')).toMatchObject({ uid: 1000, inEnvironment: [digest], files: [] });
    expect(after.get('env')).toMatchObject({
      uid: 1000,
      inEnvironment: [],
      files: [{ path: '/run/secrets/db/password', mode: '440', ...owned }],
    });
  });
});

it('root alone reads the file that its variable has become, without an fsGroup', () => {
  expect(after.get('root')).toMatchObject({
    uid: 0,
    inEnvironment: [],
    files: [{ path: '/run/secrets/db/password', mode: '400', uid: 0, gid: 0, digest }],
  });
});

it('without an fsGroup the mode stays, since a program that is not root could not read the file', () => {
  expect(fixed.stderr).toMatch(/not fixed: secret-volume-mode at .*: the pod sets no fsGroup/);
  const read = { uid: 1000, files: [{ path: '/s/password', mode: '644', gid: 0, digest }] };
  expect(before.get('no-group')).toMatchObject(read);
  expect(after.get('no-group')).toMatchObject(read);
});

it('no token is mounted any more where nobody asked for one', () => {
  const tokens = (seen: ReadonlyMap<string, Seen>): boolean[] =>
    [...seen.values()].map(({ token }) => token);

  expect(new Set(tokens(before))).toEqual(new Set([true]));
  expect(new Set(tokens(after))).toEqual(new Set([false]));
});

it('a second scan finds nothing of it but what was left with a word, and fixes nothing', async () => {
  const { stdout } = await scan(FIXES, '--profile=strict');
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly ReportedFinding[] };
  const left = findings.filter(({ policy }) => FIXED.includes(policy));

  expect(left.map(({ policy, name }) => `${policy} ${name}`)).toEqual([
    'secret-volume-mode no-group',
  ]);
  expect(await readFile(file, 'utf8')).toBe(fixed.text);
});
