// The golden table of readings beside the real kubectl, so that it cannot be right on paper alone.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readByKubectl, type Reading } from '../unit/yaml/kubectl.ts';
import { TABLE } from '../unit/yaml/table.ts';
import { findBinary } from './harness/binaries.ts';

jest.setTimeout(240_000);

const AT_ONCE = 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-readings-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it('kubectl reads every row of the table as it is recorded', async () => {
  const kubectl = findBinary('kubectl');
  const left = [...TABLE.entries()];
  const readings: Record<string, Reading> = {};
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [number, { name, text }] = next;
      const file = join(folder, `${number}.yaml`);
      await writeFile(file, text);
      readings[name] = await readByKubectl(kubectl, file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  expect(readings).toEqual(JSON.parse(await readFile('test/unit/yaml/golden.json', 'utf8')));
});
