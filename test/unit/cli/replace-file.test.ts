// What becomes of a file that --fix replaces: whose it is, what leads to it, and what keeps it as it is.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotReplaced, replaceFile } from '../../../src/cli/replace-file.ts';

const isRoot = process.geteuid?.() === 0;
/** Somebody else, where root may give a file away. */
const OWNER = isRoot ? 1234 : (process.geteuid?.() ?? 0);
const GROUP = isRoot ? 4321 : (process.getegid?.() ?? 0);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-replace-'));
  file = join(folder, 'a.yaml');
  writeFileSync(file, 'old');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const replace = (path = file, was = 'old'): void => {
  replaceFile(path, Buffer.from(was), Buffer.from('new'));
};
const text = (path = file): string => readFileSync(path, 'utf8');

describe('a file that is replaced', () => {
  it.each([0o640, 0o600, 0o664, 0o4755])('keeps owner, group and mode %o', (mode) => {
    chownSync(file, OWNER, GROUP);
    chmodSync(file, mode);
    replace();
    const { uid, gid, mode: now } = statSync(file);

    expect([text(), uid, gid, (now & 0o7777).toString(8)]).toEqual([
      'new',
      OWNER,
      GROUP,
      mode.toString(8),
    ]);
    expect(readdirSync(folder)).toEqual(['a.yaml']);
  });

  it('is what its links lead to, and they stay links', () => {
    mkdirSync(join(folder, 'sub'));
    symlinkSync('../a.yaml', join(folder, 'sub/one.yaml'));
    symlinkSync('sub/one.yaml', join(folder, 'two.yaml'));
    replace(join(folder, 'two.yaml'));

    expect([text(), lstatSync(file).isFile()]).toEqual(['new', true]);
    expect(readlinkSync(join(folder, 'two.yaml'))).toBe('sub/one.yaml');
    expect(readlinkSync(join(folder, 'sub/one.yaml'))).toBe('../a.yaml');
    expect(readdirSync(join(folder, 'sub'))).toEqual(['one.yaml']);
  });
});

describe('a file is left, with a word and nothing beside it', () => {
  const reason = (path = file, was = 'old'): string => {
    try {
      replace(path, was);
      return 'replaced';
    } catch (error) {
      expect(error).toBeInstanceOf(NotReplaced);
      return (error as NotReplaced).message;
    }
  };
  afterEach(() => {
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('that was changed in between', () => {
    expect([reason(file, 'other'), text()]).toEqual(['changed while it was fixed', 'old']);
  });

  it('that is read-only, for root too, and also behind a link', () => {
    chmodSync(file, 0o444);
    symlinkSync('a.yaml', join(folder, 'link.yaml'));

    expect(reason()).toBe('is read-only: chmod u+w first');
    expect(reason(join(folder, 'link.yaml'))).toBe('is read-only: chmod u+w first');
    expect(text()).toBe('old');
  });

  it('that has a second name', () => {
    linkSync(file, join(folder, 'b.yaml'));

    expect(reason()).toMatch(/^has another name \(a hard link\)/);
    expect([text(), text(join(folder, 'b.yaml'))]).toEqual(['old', 'old']);
  });

  it.each([
    ['that its owner alone may write', 0o755, 0o644, /^may not be written by this user$/],
    ['in a folder that its owner alone may write to', 0o755, 0o666, /^stands in a folder that /],
    ['that would get another owner', 0o777, 0o666, /^belongs to another user/],
  ])('%s', (_, mode, own, expected) => {
    chmodSync(folder, mode);
    chmodSync(file, own);
    // Rights keep nothing from root; whoever runs this as another owns the folder and may do all of it.
    const told = isRoot ? asNobody(reason) : undefined;

    if (told === undefined) expect(reason()).toBe('replaced');
    else expect(told).toEqual(expect.stringMatching(expected));
    expect(text()).toBe(isRoot ? 'old' : 'new');
  });
});

function asNobody(work: () => string): string {
  process.setegid?.(65534);
  process.seteuid?.(65534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
