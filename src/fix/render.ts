import { readScalar } from '../yaml/scalar.ts';
import { isList, isMap, type Plain } from './change.ts';

/** How block collections of a document are indented: columns below a map's key, of a map and of a list. */
export interface Indents {
  readonly map: number;
  readonly list: number;
}

/** A value in block style, for a place at a column: its lines after the first are indented. */
export function block(value: Plain, column: number, indents: Indents): string {
  const next = `\n${' '.repeat(column)}`;
  if (isList(value)) {
    return value.map((item) => `- ${block(item, column + 2, indents)}`).join(next);
  }
  if (!isMap(value)) return scalar(value);
  return Object.entries(value)
    .map(([key, each]) => blockEntry(key, each, column, indents))
    .join(next);
}

/** A key and its value in block style. */
export function blockEntry(key: string, value: Plain, column: number, indents: Indents): string {
  if (typeof value !== 'object') return `${scalar(key)}: ${scalar(value)}`;
  const below = column + (isList(value) ? indents.list : indents.map);
  return `${scalar(key)}:\n${' '.repeat(below)}${block(value, below, indents)}`;
}

/** How collections in braces and brackets are written around a place. */
export interface FlowStyle {
  /** Keys in double quotes: modes must be decimal then, since JSON has no octal numbers. */
  readonly json: boolean;
  /** With a space after colon and comma. */
  readonly spaced: boolean;
  /** What begins each line, where each entry has a line of its own; and what one step in adds. */
  readonly lines?: { readonly start: string; readonly step: string };
}

/** A value in braces, brackets or quotes. */
export function flow(value: Plain, style: FlowStyle): string {
  if (isList(value)) {
    return enclosed('[', ']', value, style, (item, inner) => flow(item, inner));
  }
  if (!isMap(value)) return style.json ? JSON.stringify(value) : scalar(value);
  const entries = Object.entries(value);
  return enclosed('{', '}', entries, style, ([key, each], inner) => flowEntry(key, each, inner));
}

/** A key and its value in braces. */
export function flowEntry(key: string, value: Plain, style: FlowStyle): string {
  const colon = style.spaced || !style.json ? ': ' : ':';
  return `${style.json ? JSON.stringify(key) : scalar(key)}${colon}${flow(value, style)}`;
}

function enclosed<Part>(
  opener: string,
  closer: string,
  parts: readonly Part[],
  style: FlowStyle,
  write: (part: Part, style: FlowStyle) => string,
): string {
  const { lines } = style;
  if (lines === undefined || !style.json) {
    const inner = { json: style.json, spaced: style.spaced };
    const comma = style.spaced ? ', ' : ',';
    return opener + parts.map((part) => write(part, inner)).join(comma) + closer;
  }
  const start = lines.start + lines.step;
  const inner = { ...style, lines: { ...lines, start } };
  const written = parts.map((part) => `\n${start}${write(part, inner)}`);
  return `${opener}${written.join(',')}\n${lines.start}${closer}`;
}

/** A scalar of YAML 1.1; in quotes where it would be read as anything but this text. */
export function scalar(value: string | number | boolean): string {
  if (typeof value === 'number') return `0${value.toString(8).padStart(3, '0')}`;
  if (typeof value === 'boolean') return String(value);
  const node = {
    type: 'scalar',
    start: 0,
    end: value.length,
    text: value,
    plain: true,
    tag: '',
  } as const;
  const isText =
    /^[A-Za-z0-9/_.][A-Za-z0-9/_.-]*$/.test(value) && readScalar(node).type === 'string';
  return isText ? value : JSON.stringify(value);
}
