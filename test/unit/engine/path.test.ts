import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePath } from '../../../src/engine/exceptions.ts';
import { Field } from '../../../src/engine/field.ts';
import { fieldPath, stablePath } from '../../../src/engine/path.ts';

const root = Field.root({
  metadata: { annotations: { 'example.com/team': 'a', 'odd key': 'b' } },
  spec: { containers: [{ name: 'app', env: [{ name: 'A' }, { value: 1 }] }] },
});
const app = root.at('spec', 'containers').items()[0] ?? root;

describe('paths', () => {
  it.each([
    [root, '', []],
    [app, 'spec.containers[0]', ['.spec', '.containers', '[app]']],
    [
      app.get('env').items()[1] ?? root,
      'spec.containers[0].env[1]',
      ['.spec', '.containers', '[app]', '.env', '[]'],
    ],
    [
      root.at('metadata', 'annotations', 'example.com/team'),
      'metadata.annotations[example.com/team]',
      ['.metadata', '.annotations', '.example.com/team'],
    ],
    [root.get('\u001b'), '[\\u{1b}]', ['.\u001b']],
  ])('are written as the API server writes them', (field, path, stable) => {
    expect(fieldPath(field)).toBe(path);
    expect(stablePath(field)).toEqual(stable);
  });
});

describe('the paths of exceptions', () => {
  it.each([
    ['*', []],
    ['rules[*]', ['rules', '*']],
    ['spec.containers[app].env[*]', ['spec', 'containers', 'app', 'env', '*']],
    ['metadata.annotations[example.com/team]', ['metadata', 'annotations', 'example.com/team']],
  ])('%s', (text, segments) => {
    expect(parsePath(text)).toEqual(segments);
  });

  it.each(['', 'rules[0]', 'rules[', 'rules[]', '.spec', 'spec..x', 'spec x', 'a.b[c]d'])(
    '%s is refused',
    (text) => {
      expect(parsePath(text)).toBeUndefined();
    },
  );

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([undefined, 'object']).toContain(
          parsePath(text) === undefined ? undefined : typeof parsePath(text),
        );
      }),
    );
  });
});

describe('a field', () => {
  it('reads null as absent and notes other types once read', () => {
    const field = Field.root({
      a: null,
      list: { x: 1 },
      map: [1],
      text: 7,
      number: '7',
      flag: 'true',
    });
    const read = [
      field.get('a').text(),
      field.get('a').items(),
      field.get('none').get('deeper').text(),
      field.get('list').items(),
      field.get('map').entries(),
      field.get('map').get('x').present,
      field.get('text').text(),
      field.get('number').number(),
      field.get('flag').flag(),
    ];

    expect(read).toEqual([
      undefined,
      [],
      undefined,
      [],
      [],
      false,
      undefined,
      undefined,
      undefined,
    ]);
    expect(field.problems.map(({ at, expected }) => `${fieldPath(at)} ${expected}`)).toEqual([
      'list list',
      'map map',
      'map map',
      'text string',
      'number number',
      'flag boolean',
    ]);
  });

  it('has own properties only', () => {
    const field = Field.root(JSON.parse('{"data": {"__proto__": "x", "constructor": "y"}}'));

    expect(field.get('toString').present).toBe(false);
    expect(field.get('__proto__').present).toBe(false);
    expect(field.at('data', '__proto__').text()).toBe('x');
    expect(
      field
        .get('data')
        .entries()
        .map(({ key }) => key),
    ).toEqual(['__proto__', 'constructor']);
  });

  it('reads numbers and booleans', () => {
    const field = Field.root({ number: 7, flag: false });

    expect([field.get('number').number(), field.get('flag').flag()]).toEqual([7, false]);
    expect(field.problems).toEqual([]);
  });
});
