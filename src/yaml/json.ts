import { SyntaxProblem, type Entry, type Node } from './node.ts';

/** Deeper texts are refused: nothing in the API is, and readers of JSON are recursive. */
export const DEEPEST = 500;

const SPACE = /[ \t\n\r]*/y;
const OTHER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** Whether a text starts as a JSON object does, and is then read as JSON first. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/** Reads the JSON value that starts at an offset, with where each of its parts stands. Throws a SyntaxProblem. */
export function readJson(
  text: string,
  from: number,
): { readonly node: Node; readonly end: number } {
  const reader = { text, at: from };
  const node = value(reader, 0);
  return { node, end: reader.at };
}

/** The offset of the first character that is no white space. */
export function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  return from + (SPACE.exec(text)?.[0].length ?? 0);
}

interface Reader {
  readonly text: string;
  at: number;
}

function value(reader: Reader, depth: number): Node {
  if (depth > DEEPEST) throw new SyntaxProblem('it is nested too deeply', reader.at);
  reader.at = skipSpace(reader.text, reader.at);
  const start = reader.at;
  switch (reader.text[start]) {
    case '{':
      return { type: 'map', start, flow: true, entries: entries(reader, depth) };
    case '[':
      return { type: 'list', start, flow: true, items: items(reader, depth) };
    case '"':
      return string(reader);
    default: {
      const text = token(reader, OTHER);
      if (!Number.isFinite(Number(JSON.parse(text))))
        throw new SyntaxProblem('a number is too large', start);
      return { type: 'scalar', start, end: reader.at, text, plain: true, tag: '' };
    }
  }
}

function entries(reader: Reader, depth: number): Entry[] {
  const found: Entry[] = [];
  reader.at++;
  if (next(reader) === '}') {
    reader.at++;
    return found;
  }
  for (;;) {
    next(reader);
    const key = string(reader);
    expect(reader, ':');
    found.push({ key, value: value(reader, depth + 1) });
    if (endsHere(reader, '}')) return found;
  }
}

function items(reader: Reader, depth: number): Node[] {
  const found: Node[] = [];
  reader.at++;
  if (next(reader) === ']') {
    reader.at++;
    return found;
  }
  for (;;) {
    found.push(value(reader, depth + 1));
    if (endsHere(reader, ']')) return found;
  }
}

function string(reader: Reader): Node {
  const { text, at: start } = reader;
  if (text[start] !== '"') throw new SyntaxProblem('it is no JSON', start);
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  reader.at = end + 1;
  const value = parsed(text.slice(start, reader.at), start) as string;
  const whole = value.toWellFormed();
  return { type: 'scalar', start, end: reader.at, text: whole, plain: false, tag: '' };
}

/** The message of JSON.parse quotes the text, so it is not told. */
function parsed(json: string, start: number): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new SyntaxProblem('it is no JSON', start);
  }
}

function endsHere(reader: Reader, closer: string): boolean {
  if (next(reader) !== closer) {
    expect(reader, ',');
    return false;
  }
  reader.at++;
  return true;
}

function expect(reader: Reader, character: string): void {
  if (next(reader) !== character) {
    throw new SyntaxProblem(`JSON has a "${character}" here`, reader.at);
  }
  reader.at++;
}

function next(reader: Reader): string | undefined {
  reader.at = skipSpace(reader.text, reader.at);
  return reader.text[reader.at];
}

function token(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const text = pattern.exec(reader.text)?.[0] ?? '';
  if (text === '') throw new SyntaxProblem('it is no JSON', reader.at);
  reader.at += text.length;
  return text;
}
