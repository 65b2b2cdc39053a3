import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-'));
});
afterEach(() => rm(folder, { recursive: true }));

const COUNTS = {
  numPassedTests: 10,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

/** The lines and the exit code for these tiers' results. */
async function summary(
  tiers: Readonly<Record<string, Partial<typeof COUNTS> | undefined>>,
): Promise<{ readonly lines: readonly string[]; readonly status: number | null }> {
  for (const [name, counts] of Object.entries(tiers)) {
    if (counts === undefined) continue;
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ ...COUNTS, ...counts }));
  }
  const args = ['scripts/ci-summary.ts', folder, ...Object.keys(tiers)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), status };
}

describe('the summary of all tiers', () => {
  it('ends with one line that adds them up', async () => {
    expect(await summary({ unit: {}, integration: { numPassedTests: 7 } })).toEqual({
      lines: [
        'unit: 10 passed, 0 failed',
        'integration: 7 passed, 0 failed',
        '17 passed, 0 failed',
      ],
      status: 0,
    });
  });

  it.each([
    ['a failed test', { numFailedTests: 2, numFailedTestSuites: 1 }, '18 passed, 2 failed'],
    ['a file that did not start', { numFailedTestSuites: 1 }, '18 passed, 1 failed'],
    ['a skipped test', { numPendingTests: 1 }, '18 passed, 1 failed'],
  ])('fails for %s', async (_, counts, last) => {
    const { lines, status } = await summary({
      unit: {},
      integration: { numPassedTests: 8, ...counts },
    });

    expect([lines.at(-1), status]).toEqual([last, 1]);
  });

  it('fails for a tier that did not run', async () => {
    expect(await summary({ unit: {}, e2e: undefined })).toEqual({
      lines: ['unit: 10 passed, 0 failed', 'e2e: did not run', '10 passed, 1 failed'],
      status: 1,
    });
  });
});
