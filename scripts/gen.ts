// Writes what follows from the policies: the catalogue, the docs pages, the README table, the schema.
// With --check it only compares, and fails naming each stale file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { catalogueSource } from './gen/catalogue.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];

/** Writes a generated file, or notes that it is stale. */
function output(path: string, content: string): void {
  const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (current === content) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The same, in the form that `npm run format` gives it. */
async function formatted(path: string, content: string): Promise<void> {
  output(path, await format(content, { ...(await resolveConfig(path)), filepath: path }));
}

function removeOthers(folder: string, kept: ReadonlySet<string>): void {
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    if (kept.has(file)) continue;
    stale.push(join(folder, file));
    if (!check) rmSync(join(folder, file));
  }
}

output('src/policies/catalogue.ts', catalogueSource('src/policies'));

// The rest is read from the catalogue that was just written, so it is loaded only now.
const { policyPage, policyIndex, policyTable } = await import('./gen/docs.ts');
const { configurationSchema } = await import('./gen/schema.ts');
const { chartPolicies } = await import('./gen/chart.ts');
const { chartReadme, chartValues, chartValuesSchema } = await import('./gen/values.ts');
const { catalogue } = await import('../src/policies/catalogue.ts');

for (const policy of catalogue) {
  output(`docs/policies/${policy.meta.id}.md`, policyPage(policy));
}
output('docs/policies/README.md', policyIndex(catalogue));
removeOthers(
  'docs/policies',
  new Set(['README.md', ...catalogue.map(({ meta }) => `${meta.id}.md`)]),
);
output('schema/hushgate-configuration.schema.json', configurationSchema());
await formatted('charts/hushgate/files/policies.json', chartPolicies(catalogue));
await formatted('charts/hushgate/values.yaml', chartValues());
await formatted('charts/hushgate/values.schema.json', chartValuesSchema());
await formatted(
  'charts/hushgate/README.md',
  chartReadme(readFileSync('charts/hushgate/README.md', 'utf8')),
);
if (existsSync('README.md')) {
  const readme = readFileSync('README.md', 'utf8');
  output('README.md', policyTable(readme, catalogue));
}

if (stale.length > 0) {
  console.log(`${check ? 'Stale' : 'Wrote'}:\n${stale.map((path) => `  ${path}`).join('\n')}`);
  if (check) {
    console.log('Run: npm run gen');
    process.exitCode = 1;
  }
}
