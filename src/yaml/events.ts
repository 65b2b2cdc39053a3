import {
  COLLECTION_STYLE,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type DocumentEvent,
  type Event,
  type ScalarEvent,
} from 'js-yaml';
import { DEEPEST } from './json.ts';
import { SyntaxProblem, type ListNode, type MapNode, type Node } from './node.ts';

/** What js-yaml says where a line in brackets or quotes is not indented, which YAML 1.1 readers allow. */
const NOT_INDENTED = 'deficient indentation';

/** Reading again after each indentation that is put right costs at most this many characters in all. */
const MOST_REPAIRED = 16 * 2 ** 20;

/** Line breaks of YAML 1.1 that nothing shows as such (U+0085, U+2028, U+2029), and the delete character. */
const ODD = /[\u007f\u0085\u2028\u2029]/;

/** A colon that is an indicator to YAML 1.2 alone. */
const NOT_A_VALUE = /\s+:[,[\]{}]|:[[{]/y;

/** The nodes of a YAML text, one for each document, and where its offsets stand in the text as it was. */
export interface Parsed {
  readonly documents: readonly (Node | undefined)[];
  /** The text that offsets count in: that which was given, with lines in brackets indented. */
  readonly text: string;
  /** Columns that were put before a line, by its number from 0. */
  readonly indented: ReadonlyMap<number, number>;
}

/** Parses a text. Throws a SyntaxProblem with an offset in the text as given. */
export function parseYaml(source: string): Parsed {
  const odd = ODD.exec(source);
  if (odd !== null) {
    throw new SyntaxProblem('a character is a line break to Kubernetes, or not allowed', odd.index);
  }
  let text = source;
  let lines: string[] | undefined;
  const indented = new Map<number, number>();
  let left = MOST_REPAIRED;
  for (;;) {
    try {
      const events = parseEvents(text, { maxDepth: DEEPEST });
      for (const event of events) refuseNewer(text, event);
      return { documents: nodesOf(text, events), text, indented };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      left -= text.length;
      const line = error.mark?.line ?? 0;
      if (error.reason !== NOT_INDENTED || indented.has(line) || left < 0) {
        throw new SyntaxProblem(reasonOf(error), originalOffset(text, indented, error));
      }
      text = indent((lines ??= text.split('\n')), line, indented);
    }
  }
}

/** Indents a line more than any block can be, which changes nothing inside brackets and quotes. */
function indent(lines: string[], line: number, indented: Map<number, number>): string {
  const columns = indented.values().next().value ?? widest(lines) + 1;
  indented.set(line, columns);
  lines[line] = ' '.repeat(columns) + (lines[line] ?? '');
  return lines.join('\n');
}

function widest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.search(/[^ ]|$/)), 0);
}

function originalOffset(
  text: string,
  indented: ReadonlyMap<number, number>,
  { mark }: YAMLException,
): number {
  if (mark === undefined) return 0;
  let offset = Math.min(mark.position, text.length);
  for (const [line, columns] of indented) if (line <= mark.line) offset -= columns;
  return Math.max(0, offset);
}

/** A reason that quotes the text is told without what it quotes. */
export function reasonOf({ reason }: YAMLException): string {
  return /["<(]|characters: /.test(reason) ? reason.replace(/["<(:].*$/s, '').trim() : reason;
}

interface Open {
  readonly node: MapNode | ListNode | undefined;
  /** The key that waits for its value, in a map. */
  key: Node | undefined;
}

/** The nodes of each document in an event stream of js-yaml. */
export function nodesOf(text: string, events: readonly Event[]): (Node | undefined)[] {
  const documents: (Node | undefined)[] = [];
  let anchors = new Map<string, Node>();
  let handles: ReadonlyMap<string, string> = new Map();
  const open: Open[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const pair = open.pop()?.node;
      const list = open.at(-1)?.node;
      const item = pair?.type === 'map' ? textOfPair(text, pair) : undefined;
      if (item !== undefined && list?.type === 'list') list.items[list.items.length - 1] = item;
    } else if (event.type === EVENT_ID.DOCUMENT) {
      documents.push(undefined);
      anchors = new Map();
      handles = handlesOf(event);
      open.push({ node: undefined, key: undefined });
    } else {
      const node = nodeOf(text, event, anchors, handles);
      const parent = open.at(-1);
      if (parent?.node === undefined) documents[documents.length - 1] = node;
      else add(parent, node);
      if (node.type === 'map' || node.type === 'list') open.push({ node, key: undefined });
    }
  }
  return documents;
}

function add(parent: Open, node: Node): void {
  if (parent.node?.type === 'list') parent.node.items.push(node);
  else if (parent.key === undefined) parent.key = node;
  else {
    parent.node?.entries.push({ key: parent.key, value: node });
    parent.key = undefined;
  }
}

type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>;

function nodeOf(
  text: string,
  event: NodeEvent,
  anchors: Map<string, Node>,
  handles: ReadonlyMap<string, string>,
): Node {
  const name = event.anchorStart < 0 ? '' : text.slice(event.anchorStart, event.anchorEnd);
  if (event.type === EVENT_ID.ALIAS) {
    const { anchorStart, anchorEnd: end } = event;
    return { type: 'alias', start: anchorStart - 1, end, target: anchors.get(name) };
  }
  const node = contentOf(text, event, handles);
  if (name !== '') anchors.set(name, node);
  return node;
}

function contentOf(
  text: string,
  event: Exclude<NodeEvent, { type: typeof EVENT_ID.ALIAS }>,
  handles: ReadonlyMap<string, string>,
): Node {
  if (event.type !== EVENT_ID.SCALAR) {
    const { start } = event;
    const flow = event.style === COLLECTION_STYLE.FLOW;
    return event.type === EVENT_ID.MAPPING
      ? { type: 'map', start, flow, entries: [] }
      : { type: 'list', start, flow, items: [] };
  }
  const written = event.tagStart < 0 ? '' : text.slice(event.tagStart, event.tagEnd);
  const colon = event.style === SCALAR_STYLE.PLAIN && hasColon(text, event.valueEnd) ? ':' : '';
  return {
    type: 'scalar',
    start: isQuoted(event) ? event.valueStart - 1 : event.valueStart,
    end: isQuoted(event) ? event.valueEnd + 1 : event.valueEnd + colon.length,
    text: getScalarValue(text, event) + colon,
    // A tag of `!` alone makes even a plain scalar a string.
    plain: event.style === SCALAR_STYLE.PLAIN && written !== '!',
    tag: written === '!' ? '' : longTag(written, handles),
  };
}

/** In brackets, YAML 1.1 takes a colon before `,`, `]` or `}` as a part of the text: `[fd00::]`. */
function hasColon(text: string, at: number): boolean {
  return /^:[,\]}]/.test(text.slice(at, at + 2));
}

/** The text that a pair in a list is in YAML 1.1, where its colon is a part of it. */
function textOfPair(text: string, { flow, start, entries }: MapNode): Node | undefined {
  const [{ key } = {}] = entries;
  if (!flow || text[start] === '{' || key?.type !== 'scalar' || !key.plain) return undefined;
  if (text.slice(0, start).trimEnd().endsWith('?')) return undefined;
  return hasColon(text, key.end - 1) ? key : undefined;
}

/** Refuses what YAML 1.2 reads and the reader that Kubernetes has reads otherwise or not at all. */
function refuseNewer(text: string, event: Event): void {
  if (event.type !== EVENT_ID.SCALAR) return;
  if (event.style === SCALAR_STYLE.DOUBLE_QUOTED) refuseEscapes(text, event);
  if (event.style !== SCALAR_STYLE.PLAIN) return;
  // `a:[` is a text and then a list to it, which is no YAML; `[a :]` is one text.
  NOT_A_VALUE.lastIndex = event.valueEnd;
  if (NOT_A_VALUE.test(text))
    throw new SyntaxProblem('this colon is a part of the text to Kubernetes', event.valueEnd);
}

/** `\/` and halves of surrogates are escapes of YAML 1.2 and JSON. */
function refuseEscapes(text: string, { valueStart, valueEnd }: ScalarEvent): void {
  let at = text.indexOf('\\', valueStart);
  while (at !== -1 && at < valueEnd) {
    if (/^(?:\/|u[dD][89a-fA-F])/.test(text.slice(at + 1, at + 4)))
      throw new SyntaxProblem('unknown escape sequence', at);
    at = text.indexOf('\\', at + 2);
  }
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function handlesOf({ directives }: DocumentEvent): ReadonlyMap<string, string> {
  return new Map(
    directives.flatMap((directive) =>
      directive.kind === 'tag' ? [[directive.handle, directive.prefix] as const] : [],
    ),
  );
}

function longTag(written: string, handles: ReadonlyMap<string, string>): string {
  if (written.startsWith('!<')) return written.slice(2, -1);
  const [, handle = '', suffix = ''] = /^(!(?:[\w-]*!)?)(.*)$/s.exec(written) ?? [];
  return (handles.get(handle) ?? (handle === '!!' ? 'tag:yaml.org,2002:' : handle)) + suffix;
}
