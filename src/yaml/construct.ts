import { isMergeKey, resolved, SyntaxProblem, type MapNode, type Node } from './node.ts';
import { keyText, readScalar } from './scalar.ts';

/** The value of a document, and the keys that stand in one map twice. */
export interface Constructed {
  readonly value: unknown;
  /** Offsets of keys that count in place of an earlier one. */
  readonly repeated: readonly number[];
}

interface State {
  readonly repeated: number[];
  /** Aliases that are being followed. */
  readonly following: Set<Node>;
  /** Nodes visited in all, and within aliases. */
  visits: number;
  aliased: number;
  depth: number;
}

/** Aliases can nest deeper than the text does. */
const DEEPEST = 1000;

/** The value that Kubernetes reads from a node. Throws a SyntaxProblem. */
export function construct(node: Node): Constructed {
  const state: State = { repeated: [], following: new Set(), visits: 0, aliased: 0, depth: 0 };
  return { value: valueOf(node, state), repeated: state.repeated };
}

function valueOf(node: Node, state: State): unknown {
  visit(node, state);
  if (++state.depth > DEEPEST) throw new SyntaxProblem('it is nested too deeply', node.start);
  const value = read(node, state);
  state.depth--;
  return value;
}

function read(node: Node, state: State): unknown {
  switch (node.type) {
    case 'scalar': {
      const { value } = readScalar(node);
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new SyntaxProblem('JSON has no such number', node.start);
      }
      return value;
    }
    case 'list':
      return node.items.map((item) => valueOf(item, state));
    case 'map': {
      const map: Record<string, unknown> = {};
      fill(map, node, state);
      return map;
    }
    case 'alias':
      return follow(node, state, (target) => valueOf(target, state));
  }
}

/** Sets the entries of a map in their order, merge keys too: whatever comes later counts. */
function fill(map: Record<string, unknown>, node: MapNode, state: State): void {
  const own = new Set<string>();
  for (const { key, value } of node.entries) {
    if (isMergeKey(key)) {
      merge(map, value, state);
      continue;
    }
    visit(key, state);
    const text = keyOf(key);
    if (own.has(text)) state.repeated.push(key.start);
    own.add(text);
    set(map, text, valueOf(value, state));
  }
}

/** The text of a key, aliases followed. Throws a SyntaxProblem where JSON has no such key. */
export function keyOf(key: Node): string {
  const node = resolved(key);
  const text = node?.type === 'scalar' ? keyText(readScalar(node)) : undefined;
  if (text === undefined) throw new SyntaxProblem('this can be no key of a map', key.start);
  return text;
}

function merge(map: Record<string, unknown>, value: Node, state: State): void {
  if (value.type === 'list') {
    // The first of several maps counts most.
    for (const item of value.items.toReversed()) mergeOne(map, item, state);
  } else mergeOne(map, value, state);
}

function mergeOne(map: Record<string, unknown>, node: Node, state: State): void {
  visit(node, state);
  if (node.type === 'map') fill(map, node, state);
  else if (node.type === 'alias' && (node.target === undefined || node.target.type === 'map')) {
    follow(node, state, (target) => {
      visit(target, state);
      if (target.type === 'map') fill(map, target, state);
    });
  } else throw new SyntaxProblem('a merge key takes a map or a list of maps', node.start);
}

function follow<Result>(
  node: Extract<Node, { type: 'alias' }>,
  state: State,
  read: (target: Node) => Result,
): Result {
  const { target } = node;
  if (target === undefined) throw new SyntaxProblem('no anchor has this name', node.start);
  if (state.following.has(target)) {
    throw new SyntaxProblem('an anchor contains itself', node.start);
  }
  state.following.add(target);
  const result = read(target);
  state.following.delete(target);
  return result;
}

/**
 * Counts the work, and refuses documents that grow out of their aliases, by the same measure as kubectl.
 * @see https://github.com/yaml/go-yaml/blob/v2.4.2/decode.go
 */
function visit(node: Node, state: State): void {
  state.visits++;
  if (state.following.size > 0) state.aliased++;
  const { visits, aliased } = state;
  if (aliased > 100 && visits > 1000 && aliased / visits > mostAliased(visits)) {
    throw new SyntaxProblem('its aliases make it too large', node.start);
  }
}

const FEW = 400_000;
const MANY = 4_000_000;

function mostAliased(visits: number): number {
  if (visits <= FEW) return 0.99;
  return visits >= MANY ? 0.1 : 0.99 - (0.89 * (visits - FEW)) / (MANY - FEW);
}

/** `__proto__` is a key like others. */
function set(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else map[key] = value;
}
