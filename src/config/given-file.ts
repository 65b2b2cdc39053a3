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
    throw new GivenFileError(`${option} ${printable(file)}: ${unread(error, READ[option])}`);
  }
}

/** Writes the file that an option names. Throws a GivenFileError. */
export function writeGiven(option: '--write-baseline', file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new GivenFileError(`${option} ${printable(file)}: ${unwritten(error)}`);
  }
}

function unread(error: unknown, missing: string): string {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `does not exist: ${missing}`;
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: give the user that runs this the right to';
    case 'EISDIR':
      return A_FOLDER;
    default:
      return `cannot be read (${code})`;
  }
}

function unwritten(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'its folder does not exist: check the path, or make the folder first';
    case 'EACCES':
    case 'EPERM':
      return 'may not be written: give the user that runs this the right to';
    case 'EISDIR':
      return A_FOLDER;
    default:
      return `cannot be written (${code})`;
  }
}

const A_FOLDER = 'is a folder: name a file in it';

function codeOf(error: unknown): string {
  const has = typeof error === 'object' && error !== null && 'code' in error;
  return has ? String(error.code) : 'unknown';
}
