import ignore, { type Ignore } from 'ignore';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** What the .gitignore of a folder says. */
export interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** The rules of the folders above a path, up to the root of its repository; none for a folder that they leave out. */
export function ignoredAbove(path: string): Rules[] {
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

export function rulesOf(folder: string): Rules[] {
  const file = join(folder, '.gitignore');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  return [{ folder: resolve(folder), rules: ignore().add(readFileSync(file, 'utf8')) }];
}

/** The rules of the closest folder decide, where they say anything. */
export function isIgnored(path: string, rules: readonly Rules[]): boolean {
  const slash = path.endsWith(sep) ? '/' : '';
  for (const { folder, rules: own } of rules.toReversed()) {
    const inside = relative(folder, resolve(path)).split(sep).join('/');
    if (inside === '' || inside.startsWith('../')) continue;
    const { ignored, unignored } = own.test(inside + slash);
    if (ignored || unignored) return ignored;
  }
  return false;
}
