import { keyOf } from './construct.ts';
import { isMergeKey, resolved, type MapNode, type Node, type Place } from './node.ts';

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

/** The value under a key or index, aliases and merge keys followed. */
export function child(node: Node, key: Key): Place | undefined {
  const target = resolved(node);
  if (target?.type === 'map') return entryOf(target, String(key));
  if (target?.type !== 'list') return undefined;
  const item = target.items[Number(key)];
  return item === undefined ? undefined : { start: item.start, value: item };
}

/** Up to here it is quicker to look through a map than to make an index of it. */
const FEW = 16;

function entryOf(map: MapNode, name: string): Place | undefined {
  if (map.entries.length > FEW || map.entries.some(({ key }) => isMergeKey(key))) {
    return placesIn(map).get(name);
  }
  const entry = map.entries.findLast(({ key }) => isNamed(key, name));
  return entry === undefined ? undefined : { start: entry.key.start, value: entry.value };
}

/** The entries of a map as they count: the last of the same key, merged ones in their order. */
function placesIn(map: MapNode): ReadonlyMap<string, Place> {
  if (map.places !== undefined) return map.places;
  const places = new Map<string, Place>();
  // Set before it is filled: a map that merges itself was refused before anybody asks.
  map.places = places;
  for (const { key, value } of map.entries) {
    if (isMergeKey(key)) {
      const sources = value.type === 'list' ? value.items.toReversed() : [value];
      for (const source of sources.map(resolved)) {
        if (source?.type === 'map')
          for (const [name, place] of placesIn(source)) places.set(name, place);
      }
    } else for (const name of namesOf(key)) places.set(name, { start: key.start, value });
  }
  return places;
}

function isNamed(key: Node, name: string): boolean {
  return (key.type === 'scalar' && key.text === name) || namesOf(key).includes(name);
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
