import { Field } from '../engine/field.ts';
import { name, WITHHELD } from '../engine/safe-text.ts';
import type { Manifest, Written } from '../yaml/manifest.ts';
import { keyOf } from '../yaml/construct.ts';
import type { Node } from '../yaml/node.ts';
import type { Change, Path } from './change.ts';
import type { ChangedObject } from './fix-text.ts';

/** Stands for whatever may be a value. */
const HIDDEN = '…';

/** Fields of the API whose values say nothing but how a Secret is taken. */
const SETTINGS = /^(?:readOnly|optional|defaultMode|mode|fsGroup|automountServiceAccountToken)$/;

/** A piece of a text that is shown whole; offsets count in the text of its document. */
interface Shown {
  readonly start: number;
  readonly end: number;
}

/** An object whose fields are changed. */
interface Sight {
  readonly at: Path;
  /** The paths of what the changes write, which is made of identifiers alone. */
  readonly news: readonly Path[];
}

/**
 * The lines of a file in which nothing shows but what is known to hold no value: in objects that are
 * changed, the keys, identifiers as messages show them, settings of volumes, and, given the manifest
 * as it was before, what the changes wrote. All else is `…`: comments, other values, other objects
 * and documents.
 */
export function maskedLines(
  source: string,
  { documents }: Manifest,
  changed: readonly ChangedObject[],
  before?: Manifest,
): readonly string[] {
  const shown = source.split('\n').map((): [number, number][] => []);
  for (const [index, { written, value }] of documents.entries()) {
    const own = changed.filter(({ document }) => document === index);
    if (written === undefined || own.length === 0) continue;
    const old = before?.documents[index];
    const sights = own.map(({ at, changes }) => ({
      at,
      news: old === undefined ? [] : changes.map((change) => newPath(change, old.value)),
    }));
    for (const piece of piecesIn(written.root, Field.root(value), [], sights))
      mark(shown, written, piece);
  }
  return source.split('\n').map((line, at) => masked(line.replace(/\r$/, ''), shown[at] ?? []));
}

function* piecesIn(
  node: Node,
  field: Field,
  path: Path,
  sights: readonly Sight[],
): Generator<Shown> {
  if (node.type === 'list') {
    const items = field.isList() ? field.items() : [];
    for (const [index, item] of node.items.entries()) {
      const child = items[index];
      if (child !== undefined) yield* piecesIn(item, child, [...path, index], sights);
    }
  } else if (node.type === 'map') {
    for (const { key, value } of node.entries) {
      const text = textOf(key);
      if (text === undefined || !field.isMap()) continue;
      const below = [...path, text];
      if (key.type === 'scalar' && leadsTo(below, sights)) yield key;
      yield* piecesIn(value, field.get(text), below, sights);
    }
  } else if (node.type === 'scalar' && node.start >= 0 && isShown(field, path, sights)) yield node;
}

function textOf(key: Node): string | undefined {
  try {
    return keyOf(key);
  } catch {
    return undefined;
  }
}

/** Whether a path is in a changed object, or on the way to one. */
function leadsTo(path: Path, sights: readonly Sight[]): boolean {
  return sights.some(({ at }) =>
    at.every((key, index) => index >= path.length || path[index] === key),
  );
}

function isShown(field: Field, path: Path, sights: readonly Sight[]): boolean {
  const own = sights.filter(({ at }) => startsWith(path, at));
  if (own.length === 0) return false;
  if (own.some(({ news }) => news.some((start) => isNew(path, start)))) return true;
  if (typeof field.value === 'boolean' || typeof field.value === 'number')
    return typeof field.key === 'string' && SETTINGS.test(field.key);
  return typeof field.value === 'string' && name(field) !== WITHHELD;
}

/** Where a change writes; of items at the end of a list, where the first of them stands. */
function newPath(change: Change, old: unknown): Path {
  if (change.type !== 'append')
    return [...change.at, change.type === 'swap' ? change.newKey : change.key];
  const list = change.at.reduce<Field | undefined>(
    (field, key) => (typeof key === 'number' ? field?.items()[key] : field?.get(key)),
    Field.root(old),
  );
  return [...change.at, list?.items().length ?? 0];
}

/** At or below what is written, or in a later item of a list. */
function isNew(path: Path, start: Path): boolean {
  const last = start.length - 1;
  const [own, first] = [path[last], start[last]];
  if (own === undefined || first === undefined || !startsWith(path, start.slice(0, last)))
    return false;
  return typeof own === 'number' && typeof first === 'number' ? own >= first : own === first;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => path[index] === key);
}

/** Notes which columns of which lines a piece covers; what spans lines is not shown. */
function mark(lines: readonly [number, number][][], written: Written, { start, end }: Shown): void {
  const from = written.place(start);
  const to = written.place(end);
  if (from.line === to.line) lines[from.line - 1]?.push([from.column - 1, to.column - 1]);
}

/** Punctuation of YAML and JSON between what is shown; a run of anything else is hidden. */
function masked(line: string, pieces: readonly (readonly [number, number])[]): string {
  let text = '';
  let at = 0;
  for (const [start, end] of pieces.toSorted(([a], [b]) => a - b)) {
    text += hidden(line.slice(at, start)) + line.slice(start, end);
    at = end;
  }
  return text + hidden(line.slice(at));
}

function hidden(gap: string): string {
  return gap
    .replace(/(^|\s)#.*$/, `$1# ${HIDDEN}`)
    .replace(/[^\s{}[\],:#…-]+(?:[^{}[\],:#…]*[^\s{}[\],:#…])?/g, HIDDEN);
}
