import { describe, expect, it } from '@jest/globals';
import { parseWarnings } from './warnings.ts';

describe('Warning headers', () => {
  it.each([
    [undefined, []],
    ['299 - "one"', ['one']],
    ['299 - "a, b", 299 agent "say \\"c\\" \\\\ d"', ['a, b', 'say "c" \\ d']],
    ['299 - "dated" "Tue, 24 Nov 2026 03:20:51 GMT"', ['dated']],
    ['299 - "k\u00c3\u00a4se"', ['käse']],
  ])('%s', (header, texts) => {
    expect(parseWarnings(header)).toEqual(texts);
  });

  it.each(['299 - unquoted', '299 - "open', 'x', '299 - "one" 299 - "two"'])(
    'throws on %s',
    (header) => {
      expect(() => parseWarnings(header)).toThrow('malformed Warning header');
    },
  );
});
