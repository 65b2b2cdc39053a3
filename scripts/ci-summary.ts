// Adds up the JSON results that Jest wrote into a folder for these tiers: one line each, and
// `N passed, N failed`. A tier without a result counts as failed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const [folder = '.', ...tiers] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const tier of tiers) {
  const file = join(folder, `${tier}.json`);
  if (!existsSync(file)) {
    console.log(`${tier}: did not run`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as JestResult;
  // A skipped test, or a file that did not even start, is a failure here.
  const skipped = result.numPendingTests + result.numTodoTests;
  const bad = Math.max(result.numFailedTests, result.numFailedTestSuites) + skipped;
  console.log(`${tier}: ${result.numPassedTests} passed, ${bad} failed`);
  passed += result.numPassedTests;
  failed += bad;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
