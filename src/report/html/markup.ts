import { escapeMarkup, visible } from '../text.ts';

/** Markup that is safe to write: only `markup` and `join` make it, and both escape all that is not markup. */
export interface Markup {
  readonly text: string;
}

type Part = string | number | Markup;

/** A template tag: every text put in is escaped, markup is put in as it is. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = strings.reduce((before, string, index) => {
    const part = parts[index - 1] ?? '';
    return before + (typeof part === 'object' ? part.text : escape(String(part))) + string;
  });
  return { text };
}

/** Several pieces, one after the other, with markup between them. */
export function join(pieces: readonly (string | Markup)[], between = markup``): Markup {
  return { text: pieces.map((piece) => markup`${piece}`.text).join(between.text) };
}

/** A text with `code` in backquotes, as messages and rationales have it. */
export function prose(text: string): Markup {
  const pieces = text.split('`');
  // An odd backquote opens nothing.
  if (pieces.length % 2 === 0) return markup`${text}`;
  return join(
    pieces.map((piece, index) =>
      index % 2 === 0 ? markup`${piece}` : markup`<code>${piece}</code>`,
    ),
  );
}

/** Names come from whoever wrote the input. */
function escape(text: string): string {
  return escapeMarkup(visible(text));
}
