/**
 * Scans 10,000 documents in one process, beside the time that parsing alone takes, then by the command line in as many
 * files, and 5,000 and 20,000 files in which nothing is found. Times are those of the processor, so that other programs do
 * not show. Exits 1 where the engine adds more than half of js-yaml's parse, or where memory grows with the number of files.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { defaultSettings } from '../src/config/load.ts';
import { startScan } from '../src/scan/scan.ts';
import { readManifest } from '../src/yaml/manifest.ts';
import { benchDocuments, quietDocuments } from './bench/documents.ts';

const DOCUMENTS = 10_000;
const TENTH = DOCUMENTS / 10;
const FEW = 5_000;
const MANY = 20_000;
const ROUNDS = 6;
const MOST_ADDED = 0.5;
const MOST_GROWTH = 1.25;

const documents = benchDocuments(DOCUMENTS);
const megabytes = documents.reduce((sum, { length }) => sum + length, 0) / 1e6;
console.log(`${DOCUMENTS} documents, ${megabytes.toFixed(1)} MB`);

function scanAll(): void {
  const scan = startScan({ settings: defaultSettings(), now: Date.now(), namespace: 'shop' });
  for (const [number, text] of documents.entries()) {
    scan.add({ file: `${number}.yaml`, text, named: false });
  }
  scan.finish();
}

function each(read: (text: string) => unknown, count = DOCUMENTS): () => void {
  return () => {
    for (const text of documents.slice(0, count)) void read(text);
  };
}

/** Seconds of the processor. */
function seconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function tell(name: string, time: number): void {
  const rate = Math.round(DOCUMENTS / time);
  console.log(
    `${name.padEnd(24)}${time.toFixed(2).padStart(8)} s${String(rate).padStart(10)} documents/s`,
  );
}

/** The fastest round of each, one after the other, so that all meet the same machine. */
const best = { parse: Infinity, read: Infinity, scan: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  best.parse = Math.min(best.parse, seconds(each((text): unknown => loadAll(text))));
  best.read = Math.min(best.read, seconds(each(readManifest)));
  best.scan = Math.min(best.scan, seconds(scanAll));
}
const slow = each((text) => {
  for (const document of parseAllDocuments(text)) document.toJS();
}, TENTH);
const added = (best.scan - best.read) / best.parse;
tell('yaml, by a tenth', seconds(slow) * (DOCUMENTS / TENTH));
tell('js-yaml', best.parse);
tell('our reader', best.read);
tell('scan', best.scan);
console.log(`the engine adds ${added.toFixed(2)} of js-yaml's parse; the goal is ${MOST_ADDED}`);

/** The most memory that the command line has in use over so many files of one document each, in MiB. */
function peak(files: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'hushgate-bench-'));
  for (const [number, text] of files.entries()) {
    writeFileSync(join(folder, `${number}.yaml`), text);
  }
  const preload = new URL('bench/peak.ts', import.meta.url).href;
  const args = ['--import', preload, 'src/bin/hushgate.ts', 'scan', '-R', '-f', folder];
  const { stderr } = spawnSync(process.execPath, [...args, '--fail-on', 'never'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  rmSync(folder, { recursive: true });
  const [, bytes] = /peak (\d+)/.exec(stderr) ?? [];
  if (bytes === undefined) throw new Error(`the scan did not end: ${stderr}`);
  return Number(bytes) / 2 ** 20;
}

const few = peak(quietDocuments(FEW));
const many = peak(quietDocuments(MANY));
console.log(`peak memory: ${peak(documents).toFixed(0)} MiB over the same in files`);
console.log(
  `where nothing is found: ${few.toFixed(0)} MiB over ${FEW} files, ${many.toFixed(0)} MiB over ${MANY}`,
);
console.log(`it grows by ${(many / few).toFixed(2)}; the goal is ${MOST_GROWTH}`);

if (added > MOST_ADDED || many / few > MOST_GROWTH) {
  console.error('a goal is missed');
  process.exitCode = 1;
}
