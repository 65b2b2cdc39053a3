import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../yaml/node.ts';
import type { Change, Plain } from './change.ts';
import { colonAfter, endOf, entryEnd, entryOf, holdsShared, nodeAt, NotEditable } from './place.ts';
import { block, blockEntry, flow, flowEntry, type FlowStyle, type Indents } from './render.ts';

/** A text in the place of another, by offsets in the text of a document. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of those that insert at one offset, the one at the deeper column comes first. */
  readonly column: number;
  /** Of several at one offset: written once, or with a comma before each but the first. */
  readonly several?: 'once' | 'comma';
}

/** A document that is edited. */
export interface Sheet {
  readonly root: Node;
  readonly text: string;
  readonly shared: ReadonlySet<Node>;
  readonly indents: Indents;
}

/** The edits that make a change; nothing else in the text changes. Throws NotEditable. */
export function editsFor(sheet: Sheet, change: Change): readonly Edit[] {
  const node = nodeAt(sheet.root, change.at, sheet.shared);
  if (change.type === 'append') {
    if (node.type !== 'list') throw new NotEditable(LAYOUT);
    return node.flow
      ? appendFlow(sheet, node, change.items)
      : appendBlock(sheet, node, change.items);
  }
  if (node.type !== 'map') throw new NotEditable(LAYOUT);
  if (change.type === 'swap') return [swap(sheet, node, change)];
  const entry = entryOf(node, change.key);
  if (entry !== undefined) return [replaceScalar(sheet, node, entry, change.value)];
  return node.flow ? addFlow(sheet, node, change) : [addBlock(sheet, node, change)];
}

const LAYOUT = 'is written in a layout that cannot be edited with certainty';
const COMMENT = 'holds a comment that would be lost';
const REMOVED_ANCHOR = 'holds an anchor that an alias needs elsewhere';

type SetChange = Extract<Change, { type: 'set' }>;
type SwapChange = Extract<Change, { type: 'swap' }>;

function swap({ text, shared, indents }: Sheet, map: MapNode, change: SwapChange): Edit {
  const entry = entryOf(map, change.key);
  const end = entry === undefined ? undefined : entryEnd(text, entry);
  if (entry === undefined || end === undefined || entry.key.start < 0)
    throw new NotEditable(LAYOUT);
  const { start } = entry.key;
  if (holdsShared(entry.key, shared) || holdsShared(entry.value, shared))
    throw new NotEditable(REMOVED_ANCHOR);
  if (text.slice(start, end).includes('#')) throw new NotEditable(COMMENT);
  const { newKey, value } = change;
  const written = map.flow
    ? flowEntry(newKey, value, styleIn(text, entry))
    : blockEntry(newKey, value, 0, indents);
  return { start, end, text: written, column: 0 };
}

/** Puts a value in the place of a plain scalar, or behind the colon where nothing is written. */
function replaceScalar({ text, shared }: Sheet, map: MapNode, entry: Entry, value: Plain): Edit {
  const { key, value: old } = entry;
  if (old.type !== 'scalar' || old.tag !== '') throw new NotEditable(LAYOUT);
  if (shared.has(old)) throw new NotEditable(REMOVED_ANCHOR);
  if (!old.plain) return replaceQuoted(text, old, value);
  const style = map.flow ? styleIn(text, entry) : YAML;
  if (old.start >= 0) return { ...old, text: flow(value, style), column: 0 };
  const colon = colonAfter(text, key);
  if (colon === undefined) throw new NotEditable(LAYOUT);
  return { start: colon, end: colon, text: ` ${flow(value, style)}`, column: 0 };
}

/** A text keeps its quotes; the names that are written need no escape. */
function replaceQuoted(text: string, { start, end }: ScalarNode, value: Plain): Edit {
  const quote = text[start];
  if ((quote !== '"' && quote !== "'") || typeof value !== 'string' || !/^[-\w./]*$/.test(value))
    throw new NotEditable(LAYOUT);
  return { start, end, text: quote + value + quote, column: 0 };
}

function addBlock({ text, indents }: Sheet, map: MapNode, change: SetChange): Edit {
  const [first] = map.entries;
  const after =
    (change.after === undefined ? undefined : ownEntry(map, change.after)) ?? map.entries.at(-1);
  if (first === undefined || after === undefined) throw new NotEditable(LAYOUT);
  const column = columnOf(text, first.key.start);
  return newLine(
    text,
    entryEnd(text, after),
    column,
    blockEntry(change.key, change.value, column, indents),
  );
}

function appendBlock(
  { text, indents }: Sheet,
  list: ListNode,
  items: readonly Plain[],
): readonly Edit[] {
  const column = columnOf(text, list.start);
  const edit = newLine(text, endOf(text, list), column, block(items, column, indents));
  // Before a new key behind the list, which may stand at the very column of its dashes.
  return [{ ...edit, column: column + 1 }];
}

/** A new line after the one on which something ends; a comment may follow there. */
function newLine(text: string, end: number | undefined, column: number, written: string): Edit {
  if (end === undefined) throw new NotEditable(LAYOUT);
  const line = /[ \t]*(?:#.*)?$/my;
  line.lastIndex = end;
  if (!line.test(text)) throw new NotEditable(LAYOUT);
  const at = line.lastIndex;
  return { start: at, end: at, text: `\n${' '.repeat(column)}${written}`, column };
}

function addFlow({ text }: Sheet, map: MapNode, change: SetChange): readonly Edit[] {
  const after =
    (change.after === undefined ? undefined : ownEntry(map, change.after)) ?? map.entries.at(-1);
  if (after === undefined) throw new NotEditable(LAYOUT);
  const style = styleIn(text, after);
  const written = flowEntry(change.key, change.value, style);
  return behind(text, entryEnd(text, after), written, style);
}

function appendFlow(
  { text, root }: Sheet,
  list: ListNode,
  items: readonly Plain[],
): readonly Edit[] {
  const last = list.items.at(-1);
  if (last === undefined) {
    const json = /^\s*\{\s*"/.test(text.slice(root.start, root.start + 200));
    const written = items.map((item) => flow(item, { json, spaced: true })).join(', ');
    const at = list.start + 1;
    return [{ start: at, end: at, text: written, column: 0 }];
  }
  const style = { ...styleOfItems(text, last), ...linesAt(text, last.start) };
  const comma = style.lines === undefined ? (style.spaced ? ', ' : ',') : `,\n${style.lines.start}`;
  const written = items.map((item) => flow(item, expands(text, last) ? style : inline(style)));
  return behind(text, endOf(text, last), written.join(comma), style);
}

/** Behind an entry or item, before any comment on its line stays where it is. */
function behind(
  text: string,
  end: number | undefined,
  written: string,
  { spaced, lines }: FlowStyle,
): readonly Edit[] {
  if (end === undefined) throw new NotEditable(LAYOUT);
  const at = (offset: number, inserted: string): Edit => ({
    start: offset,
    end: offset,
    text: inserted,
    column: 0,
  });
  if (lines === undefined) return [at(end, `${spaced ? ', ' : ','}${written}`)];
  const tail = /[ \t]*(,?)[ \t]*(?:#.*)?$/my;
  tail.lastIndex = end;
  const comma = tail.exec(text)?.[1];
  if (comma === undefined) return [at(end, `,\n${lines.start}${written}`)];
  const line = at(tail.lastIndex, `\n${lines.start}${written}${comma}`);
  return comma === ''
    ? [
        { ...at(end, ','), several: 'once' },
        { ...line, several: 'comma' },
      ]
    : [line];
}

const YAML: FlowStyle = { json: false, spaced: true };

function inline({ json, spaced }: FlowStyle): FlowStyle {
  return { json, spaced };
}

/** How entries of a map in braces are written, by one of them. */
function styleIn(text: string, { key, value }: Entry): FlowStyle {
  const json = text[key.start] === '"';
  const colon = colonAfter(text, key) ?? key.start;
  const spaced = !json || /\s/.test(text[colon] ?? ' ');
  return { json, spaced, ...(value.type === 'alias' ? {} : linesAt(text, key.start)) };
}

function styleOfItems(text: string, item: Node): FlowStyle {
  const [entry] = item.type === 'map' ? item.entries : [];
  return entry === undefined
    ? { json: text[item.start] === '"', spaced: true }
    : inline(styleIn(text, entry));
}

/** Whether a map in braces has its entries on lines of their own. */
function expands(text: string, item: Node): boolean {
  const [entry] = item.type === 'map' ? item.entries : [];
  return entry !== undefined && linesAt(text, entry.key.start).lines !== undefined;
}

const DEFAULT_STEP = '  ';

/** What begins a line, where something is the first on its line. */
function linesAt(text: string, offset: number): Pick<FlowStyle, 'lines'> {
  const start = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (offset === 0 || !/^[ \t]*$/.test(start) || !text.slice(0, offset).includes('\n')) return {};
  const outer = text.slice(0, offset - start.length).trimEnd();
  const above = /^[ \t]*/.exec(outer.slice(outer.lastIndexOf('\n') + 1))?.[0] ?? '';
  const step = start.startsWith(above) ? start.slice(above.length) : '';
  return { lines: { start, step: step === '' ? DEFAULT_STEP : step } };
}

function ownEntry(map: MapNode, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key.type === 'scalar' && entry.key.text === key);
}

function columnOf(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  if (offset < 0 || text.slice(start, offset).includes('\t')) throw new NotEditable(LAYOUT);
  return offset - start;
}

/** How a document indents, by the first map and list below a key; as kubectl prints where there is none. */
export function indentsOf(text: string, root: Node): Indents {
  const found = { map: 2, list: 0 };
  const left = new Set(['map', 'list'] as const);
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined && left.size > 0; node = waiting.pop()) {
    if (node.type === 'list') waiting.push(...node.items.toReversed());
    if (node.type !== 'map' || node.flow) continue;
    for (const { key, value } of node.entries) {
      if (value.type !== 'map' && value.type !== 'list') continue;
      waiting.unshift(value);
      if (value.flow || !left.delete(value.type)) continue;
      const start = value.type === 'map' ? (value.entries[0]?.key.start ?? -1) : value.start;
      found[value.type] = gap(text, key.start, start) ?? found[value.type];
    }
  }
  return found;
}

function gap(text: string, outer: number, inner: number): number | undefined {
  const column = (offset: number): number => offset - text.lastIndexOf('\n', offset - 1) - 1;
  const columns = column(inner) - column(outer);
  return outer < 0 || inner < 0 || columns < 0 || columns > 16 ? undefined : columns;
}
