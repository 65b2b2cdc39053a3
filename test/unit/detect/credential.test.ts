import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { detectCredential } from '../../../src/detect/credential.ts';
import { detectionKinds } from '../../../src/detect/detection.ts';
import { FLOOD } from '../../../src/detect/scan.ts';
import { readCorpus } from '../../corpus/corpus.ts';
import { cpuMs } from '../../support/cpu.ts';

const kinds: ReadonlySet<string> = new Set(detectionKinds);
const credentials = readCorpus().filter(({ label }) => kinds.has(label));
const plain = credentials.filter(({ value }) => detectCredential(value)?.encoding === 'plain');
const innocents = readCorpus().filter(({ label }) => label === 'none');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const token = ['ghp_', 'R7vPq2LmX9sKd4TzWc8NbYf1HgJ6aUe3QoVi'].join('');
const lookAlike = `ghp_${'x'.repeat(36)}\n`;

/** Text without the characters that tokens are made of. */
const blank = fc.stringMatching(/^[ \t\n\r]{0,40}$/);
/** Any text, with the pieces of credentials that a detector looks for more often than chance would bring them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'eyJ',
        'AKIA',
        '://',
        ':',
        '@',
        '-----BEGIN ',
        'PRIVATE KEY-----',
        '"auth":"',
        'SG.',
        'ghp_',
      ),
      fc.constantFrom(
        'Bearer ',
        'AccountKey=',
        'clusters users Config token: ',
        '\\n',
        '=',
        '.',
        base64(token),
      ),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

describe('detectCredential', () => {
  it('finds a token behind any character and behind the beginning of another', () => {
    const vault = ['hvs.', 'CAESIJ7vPq2LmX9sKd4TzWc8NbYf1HgJ6'].join('');
    for (const one of [token, vault]) {
      // The low byte of ł is that of a letter.
      for (const before of ['é', 'ł', '文', 'SG.', '.atlasv1.', ':', '\\n', '/']) {
        expect(detectCredential(`${before}${one}`)?.encoding).toBe('plain');
      }
    }
    // In the middle of a longer word it is none.
    expect(detectCredential(`x${vault}`)).toBeUndefined();
  });

  it('tells kind, label, length and encoding, and nothing of the value', () => {
    const detection = { kind: 'github-token', label: 'a GitHub token', length: token.length };
    expect(detectCredential(`TOKEN=${token}\n`)).toEqual({ ...detection, encoding: 'plain' });
    expect(detectCredential(base64(token))).toEqual({ ...detection, encoding: 'base64' });
    expect(detectCredential(base64(base64(token)))).toEqual({
      ...detection,
      encoding: 'base64-twice',
    });
  });

  it('never repeats a piece of the credential: labels are words of its own', () => {
    for (const { value } of credentials) {
      const { label, ...rest } = detectCredential(value) ?? { label: '' };
      expect(label).toMatch(/^an? [A-Za-z. ]{1,50}$/);
      expect(Object.keys(rest).sort()).toEqual(['encoding', 'kind', 'length']);
    }
  });

  it('finds every credential encoded once and twice', () => {
    for (const { value, label, place } of plain) {
      expect([place, detectCredential(base64(value))]).toMatchObject([
        place,
        { kind: label, encoding: 'base64' },
      ]);
      expect([place, detectCredential(base64(base64(value)))]).toMatchObject([
        place,
        { kind: label, encoding: 'base64-twice' },
      ]);
    }
  });

  it('finds base64 that is wrapped at 76 columns, and base64 within a document', () => {
    const wrapped = base64(
      `# a long comment before it, so that lines are wrapped\ntoken: ${token}`,
    );
    expect(detectCredential(wrapped.replace(/.{76}/g, '$&\n'))?.kind).toBe('github-token');
    expect(
      detectCredential(`data:\n  key: ${base64(`token=${token}`)}\n  other: x\n`),
    ).toMatchObject({
      kind: 'github-token',
      encoding: 'base64',
    });
  });

  it('finds a token behind an escaped line break', () => {
    expect(detectCredential(`"first\\n${token}\\n"`)?.kind).toBe('github-token');
  });

  it('finds a token behind a mebibyte of other text', () => {
    for (const filler of ['lorem ipsum ', 'eyJ', 'a', lookAlike.slice(0, 15), '日本語 ']) {
      const text = `${filler.repeat(Math.ceil(1_048_576 / filler.length))} ${token}`;
      expect(detectCredential(text)?.kind).toBe('github-token');
    }
  });

  it('finds a token wherever it stands across the pieces that are read at a time', () => {
    for (let before = 32 * 1024 - 60; before <= 32 * 1024 + 20; before++) {
      expect(
        detectCredential(`${' x'.repeat(before / 2)}${before % 2 === 0 ? ' ' : '  '}${token}`)
          ?.kind,
      ).toBe('github-token');
    }
  });

  it('cannot be talked out of a token by look-alikes before it', () => {
    expect(detectCredential(lookAlike)).toBeUndefined();
    expect(detectCredential(lookAlike.repeat(FLOOD / 2) + token)?.kind).toBe('github-token');
    expect(detectCredential(lookAlike.repeat(FLOOD * 2) + token)).toBeDefined();
    expect(
      detectCredential(`${'http://a:$(B)@c '.repeat(FLOOD * 2)}http://a:hunter27@c`)?.kind,
    ).toBe('url-password');
  });

  it('gives the same answer with white space around the text', () => {
    const samples = fc.constantFrom(...credentials, ...innocents);
    fc.assert(
      fc.property(samples, blank, blank, ({ value }, before, after) => {
        expect(detectCredential(before + value + after)).toEqual(detectCredential(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers for any text, the same each time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(detectCredential(text)).toEqual(detectCredential(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('answers for 8 MiB of one character without running out of stack', () => {
    for (const char of ['a', 'e', '-', ' ', '@', '=', '/', '\n', '\u0000', '日']) {
      expect(detectCredential(char.repeat(8 * 1024 * 1024))).toBeUndefined();
    }
  });

  it('takes time in proportion to the length of its worst inputs', () => {
    const time = (text: string): number => {
      let best = Infinity;
      for (let round = 0; round < 5; round++) {
        const took = cpuMs(() => {
          detectCredential(text);
        });
        best = Math.min(best, took);
      }
      return best;
    };
    for (const piece of [
      'eyJ',
      'eyJ-',
      '-eyJ.',
      '://a',
      '@',
      '-----BEGIN ',
      'SG.',
      ':AA',
      'Bearer ',
      ';password=',
      'a:',
    ]) {
      const short = time(piece.repeat(Math.ceil(262_144 / piece.length)));
      const long = time(piece.repeat(Math.ceil(2_097_152 / piece.length)));
      // Eight times the text; quadratic time would be 64 times as much.
      expect([piece, long < short * 30 + 5]).toEqual([piece, true]);
    }
  });
});
