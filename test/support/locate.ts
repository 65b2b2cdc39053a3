import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** What of the field path is not in the text. */
  readonly missing: string;
}

/**
 * Where a field path stands in a document of a text, by another YAML library than the scanner's: the key
 * of the field, an item of a list itself, or the closest of them above where the field is left out.
 */
export function locator(text: string): (document: number, path: string) => Place {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    lineCounter,
  });
  if (!Array.isArray(documents)) throw new Error('the text is empty');
  return (number, path) => {
    const document = documents[number - 1];
    if (document === undefined) throw new Error(`there is no document ${number}`);
    const { offset, missing } = walk(document, path);
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col, missing };
  };
}

interface Step {
  readonly offset: number;
  readonly node: unknown;
  readonly rest: string;
}

function walk(document: Document, path: string): { offset: number; missing: string } {
  let here: Step = { offset: startOf(document.contents), node: document.contents, rest: path };
  for (;;) {
    const next: Step | undefined = here.rest === '' ? undefined : step(document, here);
    if (next === undefined) return { offset: here.offset, missing: here.rest };
    here = next;
  }
}

function step(document: Document, { node, rest }: Step): Step | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) return itemOf(target, rest);
  return isMap(target) ? entryOf(document, target, rest) : undefined;
}

function itemOf({ items }: YAMLSeq, rest: string): Step | undefined {
  const [written, index] = /^\[(\d+)\]/.exec(rest) ?? [];
  const item = items[Number(index)];
  if (written === undefined || item === undefined) return undefined;
  return { offset: startOf(item), node: item, rest: rest.slice(written.length) };
}

/** The last entry of the longest key that the path goes on with; what is merged in counts in its order. */
function entryOf(document: Document, map: YAMLMap, rest: string): Step | undefined {
  let found: Step | undefined;
  let longest = -1;
  for (const { key, value } of map.items) {
    const written = isScalar(key) ? String(key.source ?? key.value) : '';
    if (written === '<<') {
      for (const source of isSeq(value) ? value.items.toReversed() : [value]) {
        found = step(document, { offset: 0, node: source, rest }) ?? found;
      }
      continue;
    }
    const after = following(rest, written);
    if (after === undefined || written.length < longest) continue;
    longest = written.length;
    found = { offset: startOf(key), node: value, rest: after };
  }
  return found;
}

/** What follows a key at the start of a path: `.key`, or `[odd key]`. */
function following(path: string, key: string): string | undefined {
  for (const start of [key, `.${key}`, `[${key}]`]) {
    if (path.startsWith(start) && /^(?:$|[.[])/.test(path.slice(start.length))) {
      return path.slice(start.length);
    }
  }
  return undefined;
}

function startOf(node: unknown): number {
  const range =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? Number(range[0]) : 0;
}
