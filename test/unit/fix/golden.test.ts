import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffOf } from '../../../src/fix/diff.ts';
import { fixed } from './fix.ts';

const FOLDER = 'test/unit/fix/golden';
const files = readdirSync(FOLDER).filter((name) => name.includes('.before.'));

/** With HUSHGATE_GOLDEN=write the files are written anew, to be read before they are committed. */
function golden(name: string, text: string): string {
  const file = join(FOLDER, name);
  if (process.env['HUSHGATE_GOLDEN'] === 'write') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
}

describe.each(files)('%s', (name) => {
  const before = readFileSync(join(FOLDER, name), 'utf8');
  const result = fixed(before, 'automount', 'env');

  it('is fixed as its golden file shows, in place', () => {
    expect(result.text).toBe(golden(name.replace('.before.', '.after.'), result.text));
  });

  it('has a diff that shows no value', () => {
    const diff = diffOf(name, before, result, false);

    expect(diff).toBe(golden(name.replace(/\.before\..*$/, '.diff.txt'), diff));
    expect(diff).not.toContain('hunter2');
  });

  it('has nothing more to fix after that', () => {
    const again = fixed(result.text, 'automount', 'env');

    expect([again.text, again.fixed]).toEqual([result.text, []]);
  });

  it('is fixed alike with Windows line ends, a mark and no last line end', () => {
    const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n').trimEnd()}`;

    expect(fixed(windows(before), 'automount', 'env').text).toBe(windows(result.text));
  });
});
