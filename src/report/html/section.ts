import { join, markup, type Markup } from './markup.ts';

export function section(id: string, title: string, content: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>`;
}

export interface Column {
  readonly name: string;
  /** Takes what room there is. */
  readonly wide?: true;
  /** A number or a mark, in the middle. */
  readonly narrow?: true;
}

/** A table that scrolls within itself, by keyboard too, where the window is too narrow for it. */
export function table(
  id: string,
  caption: string,
  columns: readonly Column[],
  bodies: readonly Markup[],
): Markup {
  const heads = columns.map(({ name, wide, narrow }) => {
    const kind = wide === true ? 'wide' : narrow === true ? 'narrow' : 'plain';
    return markup`<th scope="col" class="${kind}">${name}</th>`;
  });
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table id="${id}">
<caption>${caption}</caption>
<thead><tr>${join(heads)}</tr></thead>
${join(bodies, markup`\n`)}
</table>
</div>`;
}
