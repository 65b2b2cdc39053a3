import { Field } from '../engine/field.ts';
import { name, WITHHELD } from '../engine/safe-text.ts';
import type { Manifest, Written } from '../yaml/manifest.ts';
import { keyOf } from '../yaml/construct.ts';
import type { Node } from '../yaml/node.ts';
import type { Path } from './change.ts';
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

/**
 * The lines of a file in which nothing shows but what is known to hold no value: in objects that are
 * changed, the keys, identifiers as messages show them, settings of volumes, and what the change itself
 * writes. All else is `…`: comments, other values, other objects and documents.
 */
export function maskedLines(
  source: string,
  { documents }: Manifest,
  changed: readonly ChangedObject[],
): readonly string[] {
  const shown = source.split('\n').map((): [number, number][] => []);
  for (const [index, { written, value }] of documents.entries()) {
    const own = changed.filter(({ document }) => document === index);
    if (written === undefined || own.length === 0) continue;
    const root = Field.root(value);
    for (const piece of piecesIn(written.root, root, [], own)) mark(shown, written, piece);
  }
  return source.split('\n').map((line, at) => masked(line.replace(/\r$/, ''), shown[at] ?? []));
}

function* piecesIn(
  node: Node,
  field: Field,
  path: Path,
  changed: readonly ChangedObject[],
): Generator<Shown> {
  if (node.type === 'list') {
    const items = field.isList() ? field.items() : [];
    for (const [index, item] of node.items.entries()) {
      const child = items[index];
      if (child !== undefined) yield* piecesIn(item, child, [...path, index], changed);
    }
  } else if (node.type === 'map') {
    for (const { key, value } of node.entries) {
      const text = textOf(key);
      if (text === undefined || !field.isMap()) continue;
      const below = [...path, text];
      if (key.type === 'scalar' && leadsTo(below, changed)) yield key;
      yield* piecesIn(value, field.get(text), below, changed);
    }
  } else if (node.type === 'scalar' && node.start >= 0 && isShown(field, path, changed)) yield node;
}

function textOf(key: Node): string | undefined {
  try {
    return keyOf(key);
  } catch {
    return undefined;
  }
}

/** Whether a path is in a changed object, or on the way to one. */
function leadsTo(path: Path, changed: readonly ChangedObject[]): boolean {
  return changed.some(({ at }) =>
    at.every((key, index) => index >= path.length || path[index] === key),
  );
}

function isShown(field: Field, path: Path, changed: readonly ChangedObject[]): boolean {
  if (!changed.some(({ at }) => startsWith(path, at))) return false;
  if (isWritten(path, changed)) return true;
  if (typeof field.value === 'boolean' || typeof field.value === 'number')
    return typeof field.key === 'string' && SETTINGS.test(field.key);
  return typeof field.value === 'string' && name(field) !== WITHHELD;
}

/** Whether a change writes what stands at a path: it is made of identifiers alone. */
function isWritten(path: Path, changed: readonly ChangedObject[]): boolean {
  return changed
    .flatMap(({ changes }) => changes)
    .some((change) => change.type === 'swap' && same(path, [...change.at, change.newKey]));
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => path[index] === key);
}

function same(one: Path, other: Path): boolean {
  return one.length === other.length && startsWith(one, other);
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
