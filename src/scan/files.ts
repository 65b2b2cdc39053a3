import ignore, { type Ignore } from 'ignore';
import { createReadStream, existsSync, globSync, readFileSync, statSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { entriesOf, isMisnamed, realOf, type Entry } from './entries.ts';
import { isEnvironmentName } from './environment.ts';
import { isKubeconfig, isKubeconfigName } from './kubeconfig-file.ts';
import type { ReportedError, ReportedNote } from './report.ts';
import type { SourceText } from './scan.ts';

/** Larger files are no manifests: the API takes about 3 MiB for one object. */
export const LARGEST_FILE = 32 * 2 ** 20;

/** What a path gives: a text, or why it gives none. */
export type Input =
  | { readonly type: 'source'; readonly source: SourceText }
  | { readonly type: 'error'; readonly error: ReportedError }
  | { readonly type: 'note'; readonly note: ReportedNote }
  | { readonly type: 'ignored' };

/** Every file that the paths mean, read one at a time; `-` is the standard input. */
export async function* inputsOf(
  paths: readonly string[],
  recursive: boolean,
  stdin: AsyncIterable<Buffer | string>,
): AsyncGenerator<Input> {
  const seen = new Set<string>();
  for (const path of paths.flatMap(matchesOf)) {
    if (path === '-') yield await readStream('<stdin>', stdin);
    else if (/^https?:\/\//.test(path)) yield failed(path, 'unreadable', URL_GIVEN);
    else {
      const stats = statOf(path);
      if (typeof stats === 'string')
        yield failed(path, 'unreadable', isMisnamed(path) ? MISNAMED : stats);
      else if (stats.isDirectory()) yield* walk(path, recursive, ignoredAbove(path), seen);
      else if (stats.isFile()) yield readOnce(path, stats.size, true, seen);
      else yield await readStream(path, createReadStream(path));
    }
  }
}

/** The paths that a quoted pattern matches, as kubectl's `-f` takes one; what is there by its whole name is none. */
function matchesOf(path: string): readonly string[] {
  if (!/[*?[]/.test(path) || /^https?:/.test(path) || existsSync(path)) return [path];
  const matches = globSync(path).sort();
  return matches.length === 0 ? [path] : matches;
}

interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

function* walk(
  folder: string,
  recursive: boolean,
  inherited: readonly Rules[],
  seen: Set<string>,
): Generator<Input> {
  let rules: readonly Rules[];
  let entries: readonly Entry[];
  try {
    const real = realOf(folder);
    if (seen.has(real)) {
      yield noted(
        folder,
        'is a folder that was read already, met again by a link or a second path',
      );
      return;
    }
    seen.add(real);
    rules = [...inherited, ...rulesOf(folder)];
    entries = entriesOf(folder);
  } catch (error) {
    yield failed(folder, 'unreadable', reasonOf(error));
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name === '.git') continue;
    if (entry.isUtf8) yield* visit(path, recursive, rules, seen);
    else yield* misnamed(path, entry, recursive, rules);
  }
}

/** No path leads to a name that is not UTF-8, so what would have been read there is told. */
function* misnamed(
  path: string,
  { bytes }: Entry,
  recursive: boolean,
  rules: readonly Rules[],
): Generator<Input> {
  const stats = statOf(bytes);
  const isFolder = typeof stats !== 'string' && stats.isDirectory();
  if (isFolder ? !recursive : !isManifestName(path)) return;
  if (isIgnored(isFolder ? `${path}${sep}` : path, rules)) yield { type: 'ignored' };
  else yield failed(path, 'unreadable', MISNAMED);
}

function isManifestName(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) || isEnvironmentName(path);
}

function* visit(
  path: string,
  recursive: boolean,
  rules: readonly Rules[],
  seen: Set<string>,
): Generator<Input> {
  const isManifest = isManifestName(path);
  const stats = statOf(path);
  if (typeof stats === 'string') {
    // A link to nowhere matters only where a manifest should be, or a loop hides a folder.
    if (isManifest || stats === LOOP) yield failed(path, 'unreadable', stats);
    return;
  }
  if (stats.isDirectory()) {
    if (!recursive) return;
    if (isIgnored(`${path}${sep}`, rules)) yield { type: 'ignored' };
    else yield* walk(path, recursive, rules, seen);
  } else if (isManifest || isKubeconfigName(path)) {
    if (isIgnored(path, rules)) yield { type: 'ignored' };
    // A pipe met in a folder is not opened: without a writer it would never end.
    else {
      const input = stats.isFile()
        ? readOnce(path, stats.size, false, seen)
        : failed(path, 'unreadable', PIPE);
      if (isManifest || (input.type === 'source' && isKubeconfig(input.source.text))) yield input;
    }
  }
}

/** A file that several paths lead to is read by the first of them. */
function readOnce(path: string, size: number, named: boolean, seen: Set<string>): Input {
  let real: string;
  try {
    real = realOf(path);
  } catch (error) {
    return failed(path, 'unreadable', reasonOf(error));
  }
  if (seen.has(real)) {
    return noted(path, 'is a file that was read already, met again by a link or a second path');
  }
  seen.add(real);
  return readText(path, size, named);
}

function noted(file: string, message: string): Input {
  return { type: 'note', note: { file, line: 1, column: 1, message } };
}

function readText(path: string, size: number, named: boolean): Input {
  if (size > LARGEST_FILE)
    return failed(path, 'too-large', `is larger than ${LARGEST_FILE / 2 ** 20} MiB`);
  try {
    return sourceOf(path, readFileSync(path), named);
  } catch (error) {
    return failed(path, 'unreadable', reasonOf(error));
  }
}

async function readStream(name: string, stream: AsyncIterable<Buffer | string>): Promise<Input> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      size += bytes.length;
      if (size > 8 * LARGEST_FILE) return failed(name, 'too-large', 'is too long to be read');
      parts.push(bytes);
    }
  } catch (error) {
    return failed(name, 'unreadable', reasonOf(error));
  }
  const whole = Buffer.concat(parts);
  // A command that fails before a pipe leaves nothing in it, which is no clean input.
  if (!whole.some((byte) => byte > SPACE)) return failed(name, 'unreadable', EMPTY);
  return sourceOf(name, whole, true, true);
}

/** UTF-8, or UTF-16 with its mark, as Kubernetes takes them. */
function sourceOf(file: string, bytes: Buffer, named: boolean, stream = false): Input {
  const [first = 0, second = 0] = bytes;
  const mark = (first << 8) | second;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && bytes.includes(0))
    return failed(file, 'binary', 'is binary, no text');
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const chart = chartOf(file);
    return {
      type: 'source',
      source: {
        file,
        text,
        named,
        ...(stream ? { stream } : {}),
        ...(chart === undefined ? {} : { chart }),
      },
    };
  } catch {
    return failed(file, 'binary', 'is binary or in an encoding that is not UTF-8');
  }
}

/** The folder of the chart that a file is a template of, by its place. */
function chartOf(file: string): string | undefined {
  const parts = resolve(file).split(sep);
  const at = parts.lastIndexOf('templates', parts.length - 2);
  if (at < 0) return undefined;
  const chart = parts.slice(0, at).join(sep);
  if (!existsSync(join(chart, 'Chart.yaml'))) return undefined;
  return isAbsolute(file) ? chart : relative('', chart) || '.';
}

/** The rules of the folders above a path, up to the root of its repository; none for a folder that they leave out. */
function ignoredAbove(path: string): Rules[] {
  const rules = rulesAbove(path);
  return isIgnored(`${path}${sep}`, rules) ? [] : rules;
}

function rulesAbove(path: string): Rules[] {
  const found: Rules[] = [];
  let folder = resolve(path);
  while (!existsSync(join(folder, '.git'))) {
    const above = dirname(folder);
    if (above === folder) return [];
    found.unshift(...rulesOf(above));
    folder = above;
  }
  return found;
}

function rulesOf(folder: string): Rules[] {
  const file = join(folder, '.gitignore');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  return [{ folder: resolve(folder), rules: ignore().add(readFileSync(file, 'utf8')) }];
}

/** The rules of the closest folder decide, where they say anything. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  const slash = path.endsWith(sep) ? '/' : '';
  for (const { folder, rules: own } of rules.toReversed()) {
    const inside = relative(folder, resolve(path)).split(sep).join('/');
    if (inside === '' || inside.startsWith('../')) continue;
    const { ignored, unignored } = own.test(inside + slash);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** What a path leads to, or why to nothing. */
function statOf(path: string | Buffer): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return reasonOf(error);
  }
}

const URL_GIVEN = 'is a URL, which a scan does not fetch: curl -fsSL <URL> | hushgate scan -f -';
const PIPE = 'is a pipe, socket or device: name it itself to have it read';
/** Control characters have no other meaning in a text that is read. */
const SPACE = 0x20;
const EMPTY = 'is empty: did the command that writes to it fail?';
const MISNAMED = 'has a name that is not UTF-8, which no path can say: rename it';
const LOOP = 'is a link that leads back to itself';

function reasonOf(error: unknown): string {
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

function failed(file: string, reason: ReportedError['reason'], message: string): Input {
  return { type: 'error', error: { reason, file, line: 1, column: 1, message } };
}
