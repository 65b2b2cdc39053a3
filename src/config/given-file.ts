import { readFileSync, writeFileSync } from 'node:fs';
import { printable } from '../engine/safe-text.ts';

/** A file that an option names and that cannot be used; the message says which one, and what to do. */
export class GivenFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GivenFileError';
  }
}

/** Options that name a file to read, and what else helps where there is none. */
const READ = {
  '--config': 'check the path, or leave the option out for the defaults',
  '--baseline': 'check the path, or make one with --write-baseline',
  '--tls-cert': 'check the path, or make one with `hushgate certs`',
  '--tls-key': 'check the path, or make one with `hushgate certs`',
} as const;

/** The text of the file that an option names. Throws a GivenFileError. */
export function readGiven(option: keyof typeof READ, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = why(error, 'read', `does not exist: ${READ[option]}`);
    throw new GivenFileError(`${option} ${printable(file)}: ${reason}`);
  }
}

/** Writes the file that an option names. Throws a GivenFileError. */
export function writeGiven(option: '--write-baseline', file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const reason = why(error, 'written', NO_FOLDER);
    throw new GivenFileError(`${option} ${printable(file)}: ${reason}`);
  }
}

const NO_FOLDER = 'its folder does not exist: check the path, or make the folder first';

/** Why a file cannot be used, by the system's code, and what to do. */
function why(error: unknown, done: 'read' | 'written', missing: string): string {
  const has = typeof error === 'object' && error !== null && 'code' in error;
  const code = has ? String(error.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return missing;
    case 'EACCES':
    case 'EPERM':
      return `may not be ${done}: give the user that runs this the right to`;
    case 'EISDIR':
      return 'is a folder: name a file in it';
    default:
      return `cannot be ${done} (${code})`;
  }
}
