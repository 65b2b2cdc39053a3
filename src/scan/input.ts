import { statSync, type Stats } from 'node:fs';
import type { ReportedError, ReportedNote } from './report.ts';
import type { SourceText } from './scan.ts';

/** What a path gives: a text, or why it gives none. */
export type Input =
  | { readonly type: 'source'; readonly source: SourceText }
  | { readonly type: 'error'; readonly error: ReportedError }
  | { readonly type: 'note'; readonly note: ReportedNote }
  | { readonly type: 'ignored' };

export function failed(file: string, reason: ReportedError['reason'], message: string): Input {
  return { type: 'error', error: { reason, file, line: 1, column: 1, message } };
}

export function noted(file: string, message: string): Input {
  return { type: 'note', note: { file, line: 1, column: 1, message } };
}

/** What a path leads to, or why to nothing. */
export function statOf(path: string | Buffer): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return reasonOf(error);
  }
}

export const LOOP = 'is a link that leads back to itself';

/** Why a path cannot be read, from the error of the system. */
export function reasonOf(error: unknown): string {
  const has = typeof error === 'object' && error !== null && 'code' in error;
  const code = has ? error.code : undefined;
  switch (code) {
    case 'ELOOP':
      return LOOP;
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read';
    default:
      return `cannot be read (${String(code)})`;
  }
}
