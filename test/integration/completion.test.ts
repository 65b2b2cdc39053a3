// What a real bash makes of the completion script.
import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

it.each([
  ['hushgate po', 'policies'],
  ['hushgate policies explain secret-env-', 'secret-env-from secret-env-ref'],
  ['hushgate serve --metr', '--metrics-port'],
  ['hushgate serve --dev --dr', '--drain-seconds'],
])('bash completes %j', (typed, completed) => {
  const args = ['src/bin/hushgate.ts', 'completion', 'bash'];
  const { stdout: script } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hushgate; echo "${COMPREPLY[*]}"';
  const words = ['-c', `${script}${ask}`, 'bash', ...typed.split(' ')];
  const { status, stdout } = spawnSync('bash', words, { encoding: 'utf8' });

  expect([status, stdout.trim()]).toEqual([0, completed]);
});
