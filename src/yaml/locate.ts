import { cut, printable } from '../engine/safe-text.ts';
import { keyOf } from './construct.ts';
import {
  isMergeKey,
  resolved,
  type MapIndex,
  type MapNode,
  type Node,
  type Place,
} from './node.ts';

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
  if (target?.type === 'map') return indexOf(target).places.get(String(key));
  if (target?.type !== 'list') return undefined;
  const item = target.items[Number(key)];
  return item === undefined ? undefined : { start: item.start, value: item };
}

/** The entries of a map as they count: the last of the same key, merged ones in their order. */
function indexOf(map: MapNode): MapIndex {
  if (map.index !== undefined) return map.index;
  const places = new Map<string, Place>();
  // Set before it is filled: a map that merges itself was refused before anybody asks.
  map.index = { places };
  for (const { key, value } of map.entries) {
    if (isMergeKey(key)) {
      const sources = value.type === 'list' ? value.items.toReversed() : [value];
      for (const source of sources.map(resolved)) {
        if (source?.type === 'map')
          for (const [name, place] of indexOf(source).places) places.set(name, place);
      }
    } else for (const name of namesOf(key)) places.set(name, { start: key.start, value });
  }
  return map.index;
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

function printedKeys(map: MapNode): ReadonlyMap<string, string> {
  const index = indexOf(map);
  index.printed ??= new Map([...index.places.keys()].map((key) => [printable(cut(key)), key]));
  return index.printed;
}
