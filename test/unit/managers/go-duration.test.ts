import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { goDuration } from '../../../src/policies/managers/shared/go-duration.ts';

describe('a Go duration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['-0', 0],
    ['1h', 3_600_000],
    ['1h0m0s', 3_600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['+90s', 90_000],
    ['-1m', -60_000],
    ['250ms', 250],
    ['1000us', 1],
    ['1000µs', 1],
    ['1000μs', 1],
    ['1000000ns', 1],
  ])('%s is read as %d ms', (text, milliseconds) => {
    expect(goDuration(text)).toBeCloseTo(milliseconds, 9);
  });

  it.each(['', '1', '1d', '1w', '1h 30m', 'h', '-', '1hm', '.h', '1e3s', ' 1h', 'never', '1h\n'])(
    '%j is none',
    (text) => {
      expect(goDuration(text)).toBeUndefined();
    },
  );

  it('is the sum of its parts, in any order and number', () => {
    const part = fc.tuple(
      fc.nat(10_000),
      fc.constantFrom(['h', 3_600_000], ['m', 60_000], ['s', 1000]),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const text = parts.map(([amount, [unit]]) => `${amount}${unit}`).join('');
        const sum = parts.reduce((total, [amount, [, size]]) => total + amount * size, 0);

        expect(goDuration(text)).toBe(sum);
      }),
    );
  });

  it('throws for no text, and reads no long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        goDuration(text);
      }),
    );

    expect(goDuration('1h'.repeat(100_000))).toBeUndefined();
  });
});
