// Adds up the JSON results that Jest wrote into a folder: one line a tier, and `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const [folder = '.'] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).sort()) {
  const result = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JestResult;
  // A skipped test, or a file that did not even start, is a failure here.
  const skipped = result.numPendingTests + result.numTodoTests;
  const bad = Math.max(result.numFailedTests, result.numFailedTestSuites) + skipped;
  console.log(`${file.replace('.json', '')}: ${result.numPassedTests} passed, ${bad} failed`);
  passed += result.numPassedTests;
  failed += bad;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
