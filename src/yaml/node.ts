/** A piece of a YAML or JSON text as it is written, before tags, merges and aliases mean anything. */
export type Node = ScalarNode | ListNode | MapNode | AliasNode;

export interface ScalarNode {
  readonly type: 'scalar';
  /** -1 where nothing is written, as after a colon that ends its line. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Written without quotes, so that it may be something other than a string. */
  readonly plain: boolean;
  /** The tag in its long form, or empty. */
  readonly tag: string;
}

export interface ListNode {
  readonly type: 'list';
  readonly start: number;
  /** In brackets. */
  readonly flow: boolean;
  readonly items: Node[];
}

export interface MapNode {
  readonly type: 'map';
  readonly start: number;
  /** In braces. */
  readonly flow: boolean;
  readonly entries: Entry[];
  /** Where its entries stand by their keys; made for the first who asks, and kept here to go with the document. */
  places?: ReadonlyMap<string, Place>;
}

/** A value in a map, and the offset of its key. */
export interface Place {
  readonly start: number;
  readonly value: Node;
}

export interface AliasNode {
  readonly type: 'alias';
  readonly start: number;
  readonly end: number;
  /** Undefined where nothing in the document has that anchor. */
  readonly target: Node | undefined;
}

export interface Entry {
  readonly key: Node;
  readonly value: Node;
}

/** A text that is no YAML; `message` tells the rule that was broken, never the text itself. */
export class SyntaxProblem extends Error {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.name = 'SyntaxProblem';
    this.offset = offset;
  }
}

/** What a node stands for: itself, or what its alias names. */
export function resolved(node: Node): Node | undefined {
  return node.type === 'alias' ? node.target : node;
}

/** Whether a key is a merge key, as the YAML reader of Kubernetes has it. */
export function isMergeKey(key: Node): boolean {
  if (key.type !== 'scalar' || key.text !== '<<') return false;
  return key.tag === '' ? key.plain : key.tag === 'tag:yaml.org,2002:merge';
}
