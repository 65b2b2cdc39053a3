import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that was not replaced; the message tells why, and none of its text. */
export class NotReplaced extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotReplaced';
  }
}

/**
 * Replaces a file's content, whole or not at all, where it is still what was read. A link stays one and its
 * target is replaced; mode and owner are kept. Throws NotReplaced, or what the system says.
 */
export function replaceFile(path: string, was: Buffer, now: Buffer): void {
  const target = realpathSync(path);
  const { mode, uid, gid, nlink } = statSync(target);
  // root may write whatever it says.
  if ((mode & 0o222) === 0) throw new NotReplaced('is read-only: chmod u+w first');
  closeSync(openAllowed(target, 'r+', 'may not be written by this user'));
  if (nlink > 1)
    throw new NotReplaced('has another name (a hard link), which would keep the old text');
  const next = join(dirname(target), `.hushgate-${randomBytes(6).toString('hex')}`);
  try {
    const file = openAllowed(next, 'wx', 'stands in a folder that this user may not write to');
    try {
      writeFileSync(file, now);
      own(file, uid, gid);
      fchmodSync(file, mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!readFileSync(target).equals(was)) throw new NotReplaced('changed while it was fixed');
    renameSync(next, target);
  } finally {
    rmSync(next, { force: true });
  }
}

function openAllowed(path: string, how: 'r+' | 'wx', reason: string): number {
  try {
    return openSync(path, how, 0o600);
  } catch {
    throw new NotReplaced(reason);
  }
}

function own(file: number, uid: number, gid: number): void {
  if (uid === process.geteuid?.() && gid === process.getegid?.()) return;
  try {
    fchownSync(file, uid, gid);
  } catch {
    throw new NotReplaced('belongs to another user, which a new file could not');
  }
}
