import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGiven, writeGiven } from '../../../src/config/given-file.ts';
import { asNobody } from '../../support/nobody.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-given-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'shut'), 'a: 1');
  chmodSync(join(folder, 'shut'), 0);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a file that an option names', () => {
  it('is told where it may not be read or written', async () => {
    const file = join(folder, 'shut');
    const denied = (action: () => void): Promise<void> =>
      asNobody(() => Promise.resolve().then(action));

    await expect(denied(() => readGiven('--config', file))).rejects.toThrow(
      `--config ${file}: may not be read: give the user that runs this the right to`,
    );
    await expect(
      denied(() => {
        writeGiven('--write-baseline', file, '');
      }),
    ).rejects.toThrow(
      `--write-baseline ${file}: may not be written: give the user that runs this the right to`,
    );
  });

  it('does nothing to a terminal by its name', () => {
    expect(() => readGiven('--baseline', '\u001b[31m')).toThrow('--baseline \\u{1b}[31m: ');
  });
});
