// How manifests are read beside how kubectl reads them.
//   node scripts/measure-yaml.ts record         writes kubectl's readings of the table to golden.json
//   node scripts/measure-yaml.ts <folder> ...   compares every YAML and JSON file below, and counts
// kubectl is taken from the folder that KUBEBUILDER_ASSETS names, or from the PATH.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEvents } from 'js-yaml';
import { inputsOf } from '../src/scan/files.ts';
import { splitDocuments } from '../src/yaml/documents.ts';
import { readManifest } from '../src/yaml/manifest.ts';
import { readByKubectl, type Reading } from '../test/unit/yaml/kubectl.ts';
import { sameReading } from '../test/unit/yaml/same.ts';
import { TABLE } from '../test/unit/yaml/table.ts';

const ASSETS = process.env['KUBEBUILDER_ASSETS'];
const KUBECTL = ASSETS === undefined ? 'kubectl' : join(ASSETS, 'kubectl');

const args = process.argv.slice(2);
if (args[0] === 'record') await record();
else await measure(args);

async function record(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hushgate-table-'));
  const golden: Record<string, Reading> = {};
  for (const { name, text } of TABLE) {
    const file = join(folder, 'manifest.yaml');
    writeFileSync(file, text);
    golden[name] = await readByKubectl(KUBECTL, file);
  }
  rmSync(folder, { recursive: true });
  const rows = Object.entries(golden).map(
    ([name, reading]) => `${JSON.stringify(name)}: ${JSON.stringify(reading)}`,
  );
  writeFileSync('test/unit/yaml/golden.json', `{\n${rows.join(',\n')}\n}\n`);
  console.log(`${rows.length} readings recorded`);
}

async function measure(folders: readonly string[]): Promise<void> {
  const counts = {
    files: 0,
    accepted: 0,
    same: 0,
    rejectedByBoth: 0,
    looser: 0,
    rejected: 0,
    different: 0,
    rejectedByJsYamlAlone: 0,
  };
  for await (const input of inputsOf(folders, true, process.stdin)) {
    if (input.type === 'error') console.log(`${input.error.file} ${input.error.message}`);
    if (input.type !== 'source') continue;
    const { file, text: source } = input.source;
    counts.files++;
    const reading = await readByKubectl(KUBECTL, file);
    const { documents, unreadable } = readManifest(source);
    if (!reading.rejected) {
      counts.accepted++;
      if (!parses(source)) counts.rejectedByJsYamlAlone++;
    }
    if (reading.rejected) counts[unreadable.length > 0 ? 'rejectedByBoth' : 'looser']++;
    else if (unreadable.length > 0) {
      counts.rejected++;
      console.log(`rejected though kubectl accepts it: ${file}`);
    } else if (
      sameReading(
        documents.map(({ value }) => value),
        reading.objects,
      )
    )
      counts.same++;
    else {
      counts.different++;
      console.log(`read differently: ${file}`);
    }
  }
  console.log(JSON.stringify(counts));
}

function parses(source: string): boolean {
  try {
    for (const { text } of splitDocuments(source)) parseEvents(text, {});
    return true;
  } catch {
    return false;
  }
}
