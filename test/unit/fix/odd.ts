// Writes JSON values as YAML in every style that people and programs have, by a stream of choices.

/** A number below the given one. */
export type Pick = (below: number) => number;

/** The comments of a text, in their order: each has a number of its own. */
export const commentsIn = (text: string): readonly string[] => text.match(/#[ \t]c\d+/g) ?? [];

interface Pen {
  readonly pick: Pick;
  /** Collections that have an anchor already, by their JSON. */
  readonly anchors: Map<string, string>;
  comments: number;
  /** How many anchors have a name. */
  names: number;
}

/** What a value is written as: behind its key, or on lines of its own at a column. */
type Text =
  { readonly inline: string } | { readonly lines: readonly string[]; readonly anchor: string };

/** One document of YAML. */
export function oddYaml(value: unknown, pick: Pick, comments = 0): string {
  const pen: Pen = { pick, anchors: new Map(), comments, names: 0 };
  const text = write(value, 0, pen, '');
  const lines = 'inline' in text ? [text.inline] : text.lines;
  return `${[...lines, ...remark(0, pen)].join('\n')}\n`;
}

function write(value: unknown, column: number, pen: Pen, key: string): Text {
  if (typeof value !== 'object' || value === null) return { inline: scalar(value, key, pen) };
  const json = JSON.stringify(value);
  const known = pen.anchors.get(json);
  if (known !== undefined && pen.pick(2) === 0) return { inline: `*${known}` };
  const isEmpty = Object.keys(value).length === 0;
  // The root has no anchor: a document of one alias is no manifest.
  const isNew = known === undefined && !isEmpty;
  const anchor = isNew && column > 0 && pen.pick(4) === 0 ? `a${pen.names++}` : '';
  const text =
    isEmpty || (column > 2 && pen.pick(4) === 0)
      ? { inline: `${anchor === '' ? '' : `&${anchor} `}${flow(value, column, pen)}` }
      : {
          lines: Array.isArray(value) ? list(value, column, pen) : map(value, column, pen),
          anchor,
        };
  // Behind its own text: an anchor is not known inside of what it names.
  if (anchor !== '') pen.anchors.set(json, anchor);
  return text;
}

function map(value: object, column: number, pen: Pen): readonly string[] {
  const merged = mergeFor(value, pen);
  const lines = merged === undefined ? [] : [`${' '.repeat(column)}<<: *${merged.name}`];
  for (const [key, each] of Object.entries(value)) {
    if (merged?.keys.includes(key) === true) continue;
    lines.push(...remark(column, pen));
    const deeper = column + (Array.isArray(each) ? pen.pick(2) * 2 : 1 + pen.pick(4));
    // Of a list at the column of its key the items are no part of the root.
    const text = write(each, Math.max(deeper, 0), pen, key);
    const start = `${' '.repeat(column)}${keyText(key, pen)}:`;
    if ('inline' in text) lines.push(`${start} ${text.inline}${aside(pen)}`.trimEnd());
    else lines.push(start + named(text.anchor) + aside(pen), ...text.lines);
  }
  return lines;
}

function list(value: readonly unknown[], column: number, pen: Pen): readonly string[] {
  return value.flatMap((item) => {
    const gap = 1 + pen.pick(2);
    const text = write(item, column + 1 + gap, pen, '');
    const dash = `${' '.repeat(column)}-`;
    const before = remark(column, pen);
    if ('inline' in text) return [...before, `${dash} ${text.inline}${aside(pen)}`];
    const [first = '', ...rest] = text.lines;
    const indent = ' '.repeat(column + 1 + gap);
    const inner = first.slice(indent.length);
    const isOnDash = text.anchor === '' && first.startsWith(indent) && !/^[\s#]|^$/.test(inner);
    return isOnDash
      ? [...before, dash + ' '.repeat(gap) + inner, ...rest]
      : [...before, dash + named(text.anchor) + aside(pen), ...text.lines];
  });
}

const named = (anchor: string): string => (anchor === '' ? '' : ` &${anchor}`);

/** An anchored map whose entries a map has all. */
function mergeFor(
  value: object,
  { pick, anchors }: Pen,
): { readonly name: string; readonly keys: readonly string[] } | undefined {
  const own = new Map(Object.entries(value).map(([key, each]) => [key, JSON.stringify(each)]));
  for (const [json, name] of anchors) {
    const other = JSON.parse(json) as object;
    const entries = Object.entries(other);
    const fits = entries.every(([key, each]) => own.get(key) === JSON.stringify(each));
    if (!Array.isArray(other) && fits && pick(2) === 0)
      return { name, keys: entries.map(([key]) => key) };
  }
  return undefined;
}

/** In braces and brackets, on one line or several. */
function flow(value: unknown, column: number, pen: Pen, key = ''): string {
  if (typeof value !== 'object' || value === null) return scalar(value, key, pen);
  const known = pen.anchors.get(JSON.stringify(value));
  if (known !== undefined && pen.pick(3) === 0) return `*${known} `;
  const [opener, closer] = Array.isArray(value) ? '[]' : '{}';
  const inner = column + 2;
  const parts = Array.isArray(value)
    ? value.map((item) => flow(item, inner, pen))
    : Object.entries(value).map(
        ([name, each]) => `${keyText(name, pen)}: ${flow(each, inner, pen, name)}`,
      );
  const comma = parts.length > 0 && pen.pick(4) === 0 ? ',' : '';
  if (parts.length === 0 || pen.pick(3) > 0) return `${opener}${parts.join(', ')}${comma}${closer}`;
  const start = `\n${' '.repeat(inner)}`;
  const lines = parts.map(
    (part, at) => `${start}${part}${at < parts.length - 1 ? `,${aside(pen)}` : ''}`,
  );
  return `${opener}${lines.join('')}${comma}${aside(pen)}\n${' '.repeat(column)}${closer}`;
}

const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

function scalar(value: unknown, key: string, { pick }: Pen): string {
  if (typeof value === 'boolean')
    return (value ? ['true', 'True', 'yes', 'on'] : ['false', 'False', 'no', 'off'])[pick(4)] ?? '';
  if (typeof value === 'number' && /mode$/i.test(key) && value > 7 && pick(2) === 0)
    return `0${value.toString(8)}`;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^[A-Za-z/][\w/.-]*$/.test(value) && !WORDS.test(value) && pick(3) > 0) return value;
  return /^[^'\n\\]*$/.test(value) && pick(2) === 0 ? `'${value}'` : JSON.stringify(value);
}

function keyText(key: string, { pick }: Pen): string {
  if (!/^[A-Za-z][\w/.-]*$/.test(key) || WORDS.test(key)) return JSON.stringify(key);
  return [key, key, key, `"${key}"`, `'${key}'`][pick(5)] ?? key;
}

/** A comment at the end of a line. */
function aside(pen: Pen): string {
  return pen.pick(5) === 0 ? `${[' ', '\t', '   '][pen.pick(3)] ?? ' '}${comment(pen)}` : '';
}

/** A comment, or nothing, on lines of their own. */
function remark(column: number, pen: Pen): readonly string[] {
  const choice = pen.pick(12);
  if (choice === 0) return [''];
  return choice === 1 ? [' '.repeat(pen.pick(column + 3)) + comment(pen)] : [];
}

function comment(pen: Pen): string {
  pen.comments++;
  return `#${[' ', '\t'][pen.pick(2)] ?? ' '}c${pen.comments} of: {a, [b]`;
}
