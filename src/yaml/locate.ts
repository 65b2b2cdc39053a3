import { cut, printable } from '../engine/safe-text.ts';
import { keyOf } from './construct.ts';
import { isMergeKey, resolved, type MapNode, type Node } from './node.ts';

/** A value in a map, and the offset of its key. */
interface Place {
  readonly start: number;
  readonly value: Node;
}

type Key = string | number;

/** The offset of the value at the end of keys and indices, or of its closest ancestor in the text. */
export function offsetOf(root: Node, path: readonly Key[]): number {
  let place: Place = { start: root.start, value: root };
  for (const key of path) {
    const next = child(place.value, key);
    if (next === undefined) break;
    place = next;
  }
  return place.start;
}

/** The keys and indices that a field path of a finding means in a document. */
export function keysOf(root: Node, path: string): Key[] {
  const keys: Key[] = [];
  let node: Node | undefined = root;
  let at = 0;
  while (at < path.length && node !== undefined) {
    const segment = segmentAt(node, path, at);
    if (segment === undefined) break;
    keys.push(segment.key);
    at = segment.end;
    node = child(node, segment.key)?.value;
  }
  return keys;
}

/** Keys are printed as fieldPath does; one with a bracket in it ends at the bracket that makes it known. */
function segmentAt(
  node: Node,
  path: string,
  at: number,
): { readonly key: Key; readonly end: number } | undefined {
  const target = resolved(node);
  const plain = /\.?([A-Za-z_][\w-]*)/y;
  plain.lastIndex = at;
  const word = plain.exec(path);
  if (word?.[1] !== undefined) return { key: word[1], end: plain.lastIndex };
  if (path[at] !== '[') return undefined;
  for (let end = path.indexOf(']', at); end !== -1; end = path.indexOf(']', end + 1)) {
    const text = path.slice(at + 1, end);
    if (target?.type === 'list') return { key: Number(text), end: end + 1 };
    const key = target?.type === 'map' ? printedKeys(target).get(text) : undefined;
    if (key !== undefined) return { key, end: end + 1 };
  }
  return undefined;
}

/** The value under a key or index, aliases and merge keys followed. */
export function child(node: Node, key: Key): Place | undefined {
  const target = resolved(node);
  if (target?.type === 'map') return placesIn(target).get(String(key));
  if (target?.type !== 'list') return undefined;
  const item = target.items[Number(key)];
  return item === undefined ? undefined : { start: item.start, value: item };
}

const places = new WeakMap<MapNode, ReadonlyMap<string, Place>>();

/** The entries of a map as they count: the last of the same key, merged ones in their order. */
function placesIn(map: MapNode): ReadonlyMap<string, Place> {
  const known = places.get(map);
  if (known !== undefined) return known;
  const found = new Map<string, Place>();
  // Set before it is filled: a map that merges itself was refused before anybody asks.
  places.set(map, found);
  for (const { key, value } of map.entries) {
    if (isMergeKey(key)) {
      const sources = value.type === 'list' ? value.items.toReversed() : [value];
      for (const source of sources.map(resolved)) {
        if (source?.type === 'map')
          for (const [name, place] of placesIn(source)) found.set(name, place);
      }
    } else for (const name of namesOf(key)) found.set(name, { start: key.start, value });
  }
  return found;
}

/** A key as Kubernetes reads it and as it is written: YAML 1.2 has `off` as a word. Never throws. */
function namesOf(key: Node): readonly string[] {
  const node = resolved(key);
  if (node?.type !== 'scalar') return [];
  try {
    return [...new Set([keyOf(node), node.text])];
  } catch {
    return [node.text];
  }
}

const printed = new WeakMap<MapNode, ReadonlyMap<string, string>>();

function printedKeys(map: MapNode): ReadonlyMap<string, string> {
  const known = printed.get(map);
  if (known !== undefined) return known;
  const found = new Map([...placesIn(map).keys()].map((key) => [printable(cut(key)), key]));
  printed.set(map, found);
  return found;
}
