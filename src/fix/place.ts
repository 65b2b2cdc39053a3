import { child } from '../yaml/locate.ts';
import { resolved, type Entry, type MapNode, type Node } from '../yaml/node.ts';
import type { Path } from './change.ts';

/** A place that cannot be edited without harm to others, or to what is written there. */
export class NotEditable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotEditable';
  }
}

const SHARED = 'stands in an anchor that an alias repeats elsewhere, where it would change too';
const ALIAS = 'comes by an alias (*name) from another place, which would change too';
const MERGED = 'comes by a merge key (<<) from another place, which would change too';

/** The nodes that aliases of a document stand for: an edit below one of them shows in several places. */
export function sharedIn(root: Node): ReadonlySet<Node> {
  const shared = new Set<Node>();
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'alias') {
      if (node.target !== undefined) shared.add(node.target);
    } else waiting.push(...below(node));
  }
  return shared;
}

/** The nodes right below a node, keys too, in the order in which they are written. */
export function below(node: Node): readonly Node[] {
  if (node.type === 'list') return node.items;
  return node.type === 'map' ? node.entries.flatMap(({ key, value }) => [key, value]) : [];
}

/** The node at the end of a path, where it is written there and there alone. Throws NotEditable. */
export function nodeAt(root: Node, path: Path, shared: ReadonlySet<Node>): Node {
  let node = ownOnly(root, shared);
  for (const key of path) {
    const next = node.type === 'map' ? entryOf(node, String(key))?.value : child(node, key)?.value;
    if (next === undefined) throw new NotEditable('is not where it should be in the text');
    node = ownOnly(next, shared);
  }
  return node;
}

/** The entry of a key in a map; undefined where there is none. Throws NotEditable where it is merged in. */
export function entryOf(map: MapNode, key: string): Entry | undefined {
  const place = child(map, key);
  if (place === undefined) return undefined;
  const own = map.entries.find(({ value }) => value === place.value);
  if (own === undefined) throw new NotEditable(MERGED);
  return own;
}

/** Throws NotEditable where a node shows elsewhere too, or is only shown here. */
export function ownOnly(node: Node, shared: ReadonlySet<Node>): Node {
  if (node.type === 'alias') throw new NotEditable(ALIAS);
  if (shared.has(node)) throw new NotEditable(SHARED);
  return node;
}

/** Whether something below a node is repeated elsewhere by an alias. */
export function holdsShared(node: Node, shared: ReadonlySet<Node>): boolean {
  return shared.has(node) || below(node).some((each) => holdsShared(each, shared));
}

/** Where a node ends in its text: behind its last character that means anything. */
export function endOf(text: string, node: Node): number | undefined {
  if (node.type === 'scalar') {
    if (node.start < 0) return undefined;
    return node.start + text.slice(node.start, node.end).trimEnd().length;
  }
  if (node.type === 'alias') return node.end;
  const last = node.type === 'list' ? node.items.at(-1) : node.entries.at(-1);
  if (!node.flow) {
    if (last === undefined) return undefined;
    return 'key' in last ? entryEnd(text, last) : endOf(text, last);
  }
  const end =
    last === undefined ? node.start + 1 : 'key' in last ? entryEnd(text, last) : endOf(text, last);
  return end === undefined ? undefined : closerAfter(text, end, node.type === 'list' ? ']' : '}');
}

/** Where an entry ends: behind its value, or behind the colon where no value is written. */
export function entryEnd(text: string, { key, value }: Entry): number | undefined {
  return (
    endOf(text, value) ?? (resolved(value)?.type === 'scalar' ? colonAfter(text, key) : undefined)
  );
}

/** The offset behind the colon that follows a key. */
export function colonAfter(text: string, key: Node): number | undefined {
  if (key.type !== 'scalar' || key.start < 0) return undefined;
  const colon = /[ \t]*:/y;
  colon.lastIndex = key.end;
  return colon.test(text) ? colon.lastIndex : undefined;
}

function closerAfter(text: string, from: number, closer: string): number | undefined {
  const space = /(?:[\s,]|#[^\n]*)*/y;
  space.lastIndex = from;
  space.test(text);
  return text[space.lastIndex] === closer ? space.lastIndex + 1 : undefined;
}
