import { createReadStream, existsSync, globSync } from 'node:fs';
import { join, sep } from 'node:path';
import { entriesOf, isMisnamed, realOf, type Entry } from './entries.ts';
import { isEnvironmentName } from './environment.ts';
import { ignoredAbove, isIgnored, rulesOf, type Rules } from './ignored.ts';
import { failed, LOOP, noted, reasonOf, statOf, type Input } from './input.ts';
import { isKubeconfig, isKubeconfigName } from './kubeconfig-file.ts';
import { readOnce, readStream } from './reading.ts';

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
      if (isManifest || isCredentials(input)) yield input;
    }
  }
}

/** Of a file that is called as a kubeconfig: whether it is one, or may be one that cannot be read. */
function isCredentials(input: Input): boolean {
  if (input.type === 'error')
    return input.error.reason === 'unreadable' && input.error.message !== PIPE;
  return input.type === 'source' && isKubeconfig(input.source.text);
}

const URL_GIVEN = 'is a URL, which a scan does not fetch: curl -fsSL <URL> | hushgate scan -f -';
const PIPE = 'is a pipe, socket or device: name it itself to have it read';
const MISNAMED = 'has a name that is not UTF-8, which no path can say: rename it';
