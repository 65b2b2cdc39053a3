import { isUtf8 } from 'node:buffer';
import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** What stands in a folder. Where its name is not UTF-8, its bytes alone lead to it. */
export interface Entry {
  readonly name: string;
  readonly isUtf8: boolean;
  /** The whole path. */
  readonly bytes: Buffer;
}

/** The entries of a folder, by name. */
export function entriesOf(folder: string): Entry[] {
  const start = Buffer.from(join(folder, sep));
  return readdirSync(folder, { encoding: 'buffer' })
    .map((name) => ({
      name: name.toString(),
      isUtf8: isUtf8(name),
      bytes: Buffer.concat([start, name]),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a path leads nowhere because a name on it is not UTF-8, for which Node reads U+FFFD. */
export function isMisnamed(path: string): boolean {
  if (!path.includes('\uFFFD')) return false;
  const above = dirname(path);
  try {
    return entriesOf(above).some((entry) => !entry.isUtf8 && entry.name === basename(path));
  } catch {
    return isMisnamed(above);
  }
}

/** Where a path leads in the end, byte by byte: what a link leads to may have a name that is not UTF-8. */
export function realOf(path: string): string {
  return realpathSync.native(path, 'buffer').toString('latin1');
}
