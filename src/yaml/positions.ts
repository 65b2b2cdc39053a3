import { offsetOf } from './locate.ts';
import type { Node } from './node.ts';

/** A place in a text: line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type Path = readonly (string | number)[];

/** A text that nodes stand in. */
interface Text {
  readonly text: string;
  /** Lines before the text in its file. */
  readonly before: number;
  /** Columns before the text on its first line. */
  readonly left?: number;
  /** Columns that were put before a line of the text, by its number from 0. */
  readonly indented?: ReadonlyMap<number, number>;
}

/** Turns offsets and paths into places; the lines are counted once, when the first is asked for. */
export class Places {
  readonly #text: Text;
  #starts: readonly number[] | undefined;

  constructor(text: Text) {
    this.#text = text;
  }

  ofOffset(offset: number): Position {
    const starts = (this.#starts ??= lineStarts(this.#text.text));
    let low = 0;
    for (let high = starts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const { before, left = 0, indented } = this.#text;
    const column = offset - (starts[low] ?? 0) - (indented?.get(low) ?? 0);
    return { line: before + low + 1, column: Math.max(0, column) + (low === 0 ? left : 0) + 1 };
  }

  /** The key of a value (in a list, the value itself), or that of its closest ancestor in the text. */
  ofPath(root: Node, path: Path): Position {
    return this.ofOffset(offsetOf(root, path));
  }
}

function lineStarts(text: string): number[] {
  // A byte order mark is no column.
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}
