// The hook as a user of pre-commit has it: cloned and run by pre-commit itself, built in the clone.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLEAN, LEAKY, run, workplace, type Outcome, type Workplace } from './support/workplace.ts';

jest.setTimeout(600_000);

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

async function preCommit(
  name: string,
  files: Readonly<Record<string, string>>,
  which: readonly string[] = ['--all-files'],
): Promise<Outcome> {
  const cwd = await place.repository(name, files);
  const hooks = [{ id: 'hushgate' }];
  const repos = [{ repo: place.source, rev: place.revision, hooks }];
  await writeFile(join(cwd, '.pre-commit-config.yaml'), JSON.stringify({ repos }));
  await run('git', ['add', '.'], { cwd });
  const env = { PRE_COMMIT_HOME: join(place.folder, 'pre-commit') };
  return run('pre-commit', ['run', ...which, '--color=never'], { cwd, env });
}

it('passes a repository without findings, whatever else lies in it', async () => {
  const { code, stdout } = await preCommit('clean', CLEAN);

  expect(stdout).toMatch(/hushgate scan\.+Passed/);
  expect(code).toBe(0);
});

it('fails a repository with one, and tells it at its place', async () => {
  const { code, stdout } = await preCommit('leaky', LEAKY);

  expect(code).toBe(1);
  expect(stdout).toMatch(/hushgate scan\.+Failed[^]*exit code: 1/);
  expect(stdout).toContain('deploy/pod.yaml:9:');
  expect(stdout).toContain('secret-env-ref');
});

it('runs where a kubeconfig alone has changed, and not for a program', async () => {
  const users = [{ name: 'jane', user: { token: 'dG9rZW4tb2YtamFuZS1mb3ItdGVzdHM' } }];
  const kubeconfig = JSON.stringify({ apiVersion: 'v1', kind: 'Config', users });
  const read = await preCommit('kubeconfig', { kubeconfig }, ['--files', 'kubeconfig']);
  const program = await preCommit('program', { kubeconfig, 'main.go': '' }, ['--files', 'main.go']);

  expect(read.stdout).toMatch(/hushgate scan\.+Passed/);
  expect(program.stdout).toMatch(/hushgate scan\.+\(no files to check\)Skipped/);
});
