import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readManifest } from '../../../src/yaml/manifest.ts';
import type { Reading } from './kubectl.ts';
import { sameReading } from './same.ts';
import { TABLE } from './table.ts';

const GOLDEN = JSON.parse(readFileSync('test/unit/yaml/golden.json', 'utf8')) as Readonly<
  Record<string, Reading>
>;

/** Rows that are not read as kubectl reads them, and how: none of them silently. */
const KNOWN: ReadonlyMap<string, 'refused' | 'read though kubectl refuses'> = new Map([
  ['value "\\"a\\"#b"', 'refused'],
  ['value "\\"\u0085\\""', 'refused'],
  ['value "\\"\u2028\\""', 'refused'],
  ['value "[a :]"', 'refused'],
  ['value "{a :}"', 'refused'],
  ['key "*x"', 'refused'],
  ['document end without separator', 'refused'],
  ['value "\\n    -\\ta"', 'read though kubectl refuses'],
  ['value "\\n    - \\ta"', 'read though kubectl refuses'],
]);

describe('a manifest is read as kubectl reads it', () => {
  it('over at least 200 rows', () => {
    expect(new Set(TABLE.map(({ name }) => name)).size).toBeGreaterThan(400);
    expect(Object.keys(GOLDEN)).toEqual(TABLE.map(({ name }) => name));
  });

  it.each(TABLE)('$name', ({ name, text }) => {
    const golden = GOLDEN[name];
    const { documents, unreadable } = readManifest(text);
    const values = documents.map(({ value }) => value);
    const noObject = values.some((value) => value !== null && kindOf(value) === undefined);
    const known = KNOWN.get(name);
    if (known !== undefined) expect(unreadable.length > 0).toBe(known === 'refused');
    else if (golden?.rejected === true) expect(unreadable.length > 0 || noObject).toBe(true);
    else {
      expect(unreadable).toEqual([]);
      expect(sameReading(values, golden?.objects ?? [])).toBe(true);
    }
  });
});

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}

describe('a broken manifest', () => {
  it('is told with its line, and the other documents are read', () => {
    const { documents, unreadable } = readManifest('a: 1\n---\nb: [\n---\nc: 3\n');

    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { c: 3 }]);
    expect(unreadable.map(({ position }) => position.line)).toEqual([4]);
  });

  it('never has its text in the message', () => {
    for (const text of [
      'a: CANARY: b',
      'a: *CANARY',
      '!CANARY!x a',
      '%CANARY\n---\n',
      'a: "CANARY\\q"',
      '{"a": CANARY}',
    ]) {
      for (const { message } of readManifest(text).unreadable)
        expect(message).not.toContain('CANARY');
    }
  });

  it('whose aliases multiply is refused', () => {
    const lines = Array.from(
      { length: 12 },
      (_, n) =>
        `a${n}: &a${n} [${Array.from({ length: 10 }, () => (n === 0 ? 'x' : `*a${n - 1}`)).join(', ')}]`,
    );

    expect(readManifest(lines.join('\n')).unreadable[0]?.message).toBe(
      'its aliases make it too large',
    );
  });

  it.each(['['.repeat(100_000), '{"a":'.repeat(100_000), '- '.repeat(10_000)])(
    'nested too deeply is refused',
    (text) => {
      expect(readManifest(text).unreadable).toHaveLength(1);
    },
  );

  it('whose lines in brackets stand at the margin is read, however many they are', () => {
    const { documents, unreadable } = readManifest(`a:\n  b: [\n${'c,\n'.repeat(1000)}]\n`);

    expect(unreadable).toEqual([]);
    expect(documents[0]?.value).toEqual({ a: { b: Array.from({ length: 1000 }, () => 'c') } });
  });

  it('of whatever text never throws', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '"',
      "'",
      '|',
      '>',
      '&a ',
      '*a',
      '<<: ',
      '!!int ',
      '---\n',
      '#',
      'a',
      '1',
      '\t',
      '\r\n',
      '?',
      ',',
      '\\',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        for (const document of readManifest(source).documents) document.place(['a', 0, 'b']);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the place of a field', () => {
  it.each([
    ['a:\n  - b: 1\n    c: 2\n', ['a', 0, 'c'], '3:5'],
    ['x: 1\n---\n\na: {b: 1}\n', ['a', 'b'], '4:5'],
    ['a:\n  "x.y/z]": 1\n', ['a', 'x.y/z]'], '2:3'],
    ['a: 1\n', ['a', 'b', 'c'], '1:1'],
    ['x: &x\n  b: 1\ny: *x\n', ['y', 'b'], '2:3'],
    ['x: &x\n  b: 1\ny:\n  <<: *x\n  c: 2\n', ['y', 'b'], '2:3'],
    ['x: &x\n  b: 1\ny:\n  b: 2\n  <<: *x\n', ['y', 'b'], '2:3'],
    ['a: 1\nb: 2\na: 3\n', ['a'], '3:1'],
    ['yes: 1\n', ['true'], '1:1'],
    ['a: [b,\nc]\n', ['a', 1], '2:1'],
    ['\uFEFFa: 1\r\nb: 2\r\n', ['b'], '2:1'],
    ['{"a": {"b": [1, 2]}}', ['a', 'b', 1], '1:17'],
    ['items:\n- a: 1\n- a: 2\n', ['items', 1, 'a'], '3:3'],
    ['    {a: b,\n  c: d}\n', ['a'], '1:6'],
    ['    {a: b,\n  c: d}\n', ['c'], '2:3'],
    ['{"a": 1} {b: c}\n', ['b'], '1:11'],
    ['{"a": 1}\n  b: c\n', ['b'], '2:3'],
    ['{"a": 1} ---\nb: c\n', ['b'], '2:1'],
  ])('%j %j', (text, keys, wanted) => {
    const { line, column } = readManifest(text).documents.at(-1)?.place(keys) ?? {};

    expect(`${line}:${column}`).toBe(wanted);
  });

  it('of a repeated key is told', () => {
    expect(readManifest('a: 1\na: 2\n').documents[0]?.repeated).toEqual([{ line: 2, column: 1 }]);
  });
});
