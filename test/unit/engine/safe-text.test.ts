import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Field } from '../../../src/engine/field.ts';
import type { Report } from '../../../src/engine/policy.ts';
import {
  count,
  fileMode,
  join,
  literal,
  name,
  printable,
  quoteKey,
  series,
  type SafeText,
} from '../../../src/engine/safe-text.ts';

const field = Field.root({
  metadata: {
    name: 'db',
    annotations: { name: 'value', note: 'value' },
    labels: { name: 'value' },
  },
  data: { name: 'value', key: 'value', type: 'value' },
  stringData: { secretName: 'value' },
  spec: {
    env: [
      { name: 'PASSWORD', value: 'value', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ],
    args: ['value'],
    key: 'value',
    volumes: [
      { secret: { items: [{ key: 'k', path: 'file' }] }, hostPath: { path: 'value' } },
      { configMap: { items: [{ key: 'k', path: 'value' }] } },
    ],
  },
  rules: [{ verbs: ['get'], resourceNames: ['a'] }],
});
const env = field.at('spec', 'env').items()[0] ?? field;
const [volume = field, configMap = field] = field.at('spec', 'volumes').items();
const item = (holder: Field): Field => holder.get('items').items()[0] ?? field;

describe('name', () => {
  it.each([
    [field.at('metadata', 'name'), 'db'],
    [env.get('name'), 'PASSWORD'],
    [env.at('valueFrom', 'secretKeyRef', 'key'), 'k'],
    [item(volume.get('secret')).get('key'), 'k'],
    [item(volume.get('secret')).get('path'), 'file'],
    [field.get('rules').items()[0]?.get('verbs').items()[0] ?? field, 'get'],
  ])('gives an identifier by the API', (at, text) => {
    expect(name(at)).toBe(text);
  });

  it.each([
    field.at('metadata', 'annotations', 'name'),
    field.at('metadata', 'annotations', 'note'),
    field.at('metadata', 'labels', 'name'),
    field.at('data', 'name'),
    field.at('data', 'key'),
    field.at('stringData', 'secretName'),
    env.get('value'),
    field.at('spec', 'args').items()[0] ?? field,
    field.at('spec', 'key'),
    volume.at('hostPath', 'path'),
    item(configMap.get('configMap')).get('path'),
    field.get('rules'),
    field,
  ])('withholds whatever may be a value', (at) => {
    expect(name(at)).toBe('(withheld)');
  });
});

describe('the other makers', () => {
  it('give keys, numbers, file modes, literals and lists', () => {
    const many = Array.from({ length: 7 }, (_, index) => count(index));

    expect(quoteKey(field.at('data', 'name'))).toBe('"name"');
    expect(fileMode(0o644)).toBe('0644');
    expect(fileMode(0)).toBe('0000');
    expect(series(many)).toBe('0, 1, 2, 3, 4 and 2 more');
    expect(series([literal('get')])).toBe('get');
    expect(join('/', [literal('a'), literal('b')])).toBe('a/b');
  });
});

describe('the type', () => {
  it('lets no string become SafeText, so that a policy cannot print a value', () => {
    const value: string = 'value'.slice();
    const params = (safe: SafeText): Report['params'] => ({ safe });

    // Each of these must be refused by the compiler: `npm run types` fails where one is not.
    // @ts-expect-error a string is no SafeText
    expect(params(value)).toBeDefined();
    // @ts-expect-error a literal text, neither
    expect(params('value')).toBeDefined();
    // @ts-expect-error a template of SafeTexts, neither
    expect(params(`${literal('a')}.`)).toBeDefined();
    // @ts-expect-error literal() takes literal types only
    expect(literal(value)).toBeDefined();
    // @ts-expect-error name() takes a field, not its value
    expect(name(value)).toBe('(withheld)');
    // @ts-expect-error count() takes a number
    expect(count(value)).toBeDefined();
    // @ts-expect-error what one does to a SafeText gives a string
    expect(params(literal('a').concat(value))).toBeDefined();
  });
});

describe('printable', () => {
  it('leaves nothing that a terminal obeys or that drops a warning, and keeps texts apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(printable(a)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(printable(a) === printable(b)).toBe(a === b);
      }),
    );
  });

  it('writes the code point', () => {
    expect(printable('a\u001b[31m\n\u202e\ud800\\')).toBe(
      'a\\u{1b}[31m\\u{a}\\u{202e}\\u{d800}\\u{5c}',
    );
  });
});
