import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
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
  accessSync(target, constants.W_OK);
  const { mode, uid, gid, nlink } = statSync(target);
  if (nlink > 1)
    throw new NotReplaced('has another name (a hard link), which would keep the old text');
  const next = join(dirname(target), `.hushgate-${randomBytes(6).toString('hex')}`);
  try {
    const file = openSync(next, 'wx', 0o600);
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

function own(file: number, uid: number, gid: number): void {
  if (uid === process.geteuid?.() && gid === process.getegid?.()) return;
  try {
    fchownSync(file, uid, gid);
  } catch {
    throw new NotReplaced('belongs to another user, which a new file could not');
  }
}
