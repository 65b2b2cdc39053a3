import { InvalidArgumentError, Option } from 'commander';
import { readFileSync, statSync } from 'node:fs';
import { printable } from '../engine/safe-text.ts';
import { diffOf } from '../fix/diff.ts';
import { EXTRA_FIXES, type ExtraFix } from '../fix/fix.ts';
import { fixText, type FixResult, type Told } from '../fix/fix-text.ts';
import type { FixSettings } from '../fix/sheets.ts';
import { counted } from '../report/text.ts';
import { inputsOf } from '../scan/files.ts';
import type { SourceText } from '../scan/scan.ts';
import { isTemplate } from '../scan/template.ts';
import { readManifest } from '../yaml/manifest.ts';
import { NotReplaced, replaceFile } from './replace-file.ts';

/** Flags of `scan` that fix files. */
export interface FixFlags {
  readonly fix?: readonly ExtraFix[];
  readonly dryRun?: true;
}

/** Kinds of fixes beside those that break nothing follow behind =. */
export function fixOption(): Option {
  const text = 'rewrite files where there is one right answer; --fix=automount,env for more';
  return new Option('--fix [with]', text).conflicts('cluster').argParser(parseExtras);
}

/** A value follows --fix behind = alone, so that a path behind it stays a path. */
export function endFixes(argv: readonly string[]): readonly string[] {
  return argv.map((word) => (word === '--fix' ? '--fix=' : word));
}

function parseExtras(text: string): readonly ExtraFix[] {
  const words = text.split(',').filter((word) => word !== '');
  return words.map((word) => {
    const extra = EXTRA_FIXES.find((each) => each === word);
    if (extra === undefined)
      throw new InvalidArgumentError(
        `It is a list of ${EXTRA_FIXES.join(', ')}, separated by commas.`,
      );
    return extra;
  });
}

/** What is wrong with the flags and paths; undefined where nothing is. */
export function fixMistake(
  paths: readonly string[],
  { fix, dryRun }: FixFlags,
): string | undefined {
  if (fix === undefined) return dryRun === true ? '--dry-run goes with --fix' : undefined;
  const stream = paths.find((path) => path === '-' || !isRegular(path));
  return stream === undefined
    ? undefined
    : `--fix rewrites files, and ${printable(stream)} is none: save it to a file first`;
}

function isRegular(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.isFile() || stats.isDirectory();
}

interface Counts {
  files: number;
  fixed: number;
  failed: number;
}

/** Fixes files, diffs first, and tells it on stderr. False where a file could not be written. */
export async function fixFiles(
  paths: readonly string[],
  recursive: boolean,
  { fix = [], dryRun }: FixFlags,
  given: FixSettings,
): Promise<boolean> {
  const counts: Counts = { files: 0, fixed: 0, failed: 0 };
  for await (const input of inputsOf(paths, recursive, process.stdin)) {
    if (input.type !== 'source' || isTemplate(input.source, readManifest(input.source.text)))
      continue;
    fixFile(input.source, fixText(input.source.text, fix, given), dryRun === true, counts);
  }
  const { files, fixed, failed } = counts;
  const did = dryRun === true ? 'would fix' : 'fixed';
  const rest = `${dryRun === true ? ' (--dry-run: nothing is written)' : ''}${failed > 0 ? `; ${counted(failed, 'file')} not written` : ''}`;
  tell(`${did} ${counted(fixed, 'finding')} in ${counted(files, 'file')}${rest}`);
  return failed === 0;
}

function fixFile(source: SourceText, result: FixResult, dryRun: boolean, counts: Counts): void {
  const { file, text } = source;
  if (result.text !== text) {
    process.stderr.write(diffOf(file, text, result, isColoured()));
    const failure = dryRun ? undefined : write(file, text, result.text);
    if (failure === undefined) {
      counts.files++;
      counts.fixed += result.fixed.length;
      for (const told of result.fixed) if (told.words.length > 0) tellOf(file, told, 'fixed');
    } else {
      counts.failed++;
      tell(`${printable(file)}: not fixed: it ${failure}`);
    }
  }
  for (const told of result.left) tellOf(file, told, 'not fixed');
}

function tellOf(file: string, { finding, position, words }: Told, what: string): void {
  const place = `${printable(file)}:${position.line}:${position.column}`;
  tell(
    `${place} ${what}: ${finding.policy} at ${finding.path}: ${words.map(printable).join('; ')}`,
  );
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function isColoured(): boolean {
  return process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '';
}

/** Writes a text as it was encoded; the reason where that does not work. */
function write(file: string, was: string, now: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    const encode = ENCODERS.find((each) => each(was).equals(bytes));
    if (encode === undefined) throw new NotReplaced('changed while it was fixed');
    replaceFile(file, bytes, encode(now));
    return undefined;
  } catch (error) {
    if (error instanceof NotReplaced) return error.message;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return `could not be written (${code})`;
  }
}

/** The encodings that are read, with and without a mark. */
const ENCODERS: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\uFEFF${text}`),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
];
