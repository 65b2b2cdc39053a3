// The steps of action.yml as a runner executes them: expressions filled in, each `run` by bash -e -o pipefail.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readYaml12 } from '../../src/yaml/manifest.ts';
import { CLEAN, LEAKY, run, workplace, type Outcome, type Workplace } from './support/workplace.ts';

jest.setTimeout(600_000);

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

type Inputs = Readonly<Record<string, string>>;

const ACTION = readYaml12(readFileSync('action.yml', 'utf8')).documents[0] as Action;
const [setup, build, scan] = ACTION.runs.steps;

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
  const built = await step(build, place.folder, {});
  if (built.code !== 0) throw new Error(built.stderr);
});
afterAll(() => place.remove());

/** Fills in `${{ inputs.x }}` and `${{ github.action_path }}`; another expression is a mistake here. */
function filled(text: string, inputs: Inputs): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    if (expression === 'github.action_path') return place.source;
    const name = expression.replace(/^inputs\./, '');
    const value = inputs[name] ?? ACTION.inputs[name]?.default;
    if (value === undefined) throw new Error(`nobody fills in ${expression}`);
    return value;
  });
}

function step(given: Step | undefined, workspace: string, inputs: Inputs): Promise<Outcome> {
  if (given?.run === undefined) throw new Error('this step runs nothing');
  const env = Object.entries(given.env ?? {}).map(([key, text]) => [key, filled(text, inputs)]);
  const cwd = filled(given['working-directory'] ?? workspace, inputs);
  const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', filled(given.run, inputs)];
  return run('bash', args, { cwd, env: Object.fromEntries(env) as Inputs });
}

it('sets up a Node.js that Hushgate runs on, and has no step beside these three', () => {
  expect(ACTION.runs.using).toBe('composite');
  expect(ACTION.runs.steps).toHaveLength(3);
  expect(setup).toEqual({ uses: 'actions/setup-node@v5', with: { 'node-version': 24 } });
});

it('puts no input into the text of a script, where it would be code', () => {
  for (const { run: script = '' } of ACTION.runs.steps) expect(script).not.toContain('${{');
});

it('passes a repository without findings', async () => {
  const cwd = await place.repository('clean', CLEAN);

  expect(await step(scan, cwd, {})).toMatchObject({ code: 0, stderr: '' });
});

it('fails a repository with one, as an annotation at its place', async () => {
  const cwd = await place.repository('leaky', LEAKY);
  const { code, stdout } = await step(scan, cwd, {});

  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error file=deploy\/pod.yaml,line=9,/m);
});

it('hands on its inputs, odd characters and all', async () => {
  const cwd = await place.repository('inputs', {
    'a b/$(exit 9).yaml': LEAKY['deploy/pod.yaml'] ?? '',
    'c/broken.yaml': 'a: [',
    'd.yaml': CLEAN['deploy/pod.yaml'] ?? '',
  });
  const first = await step(scan, cwd, {
    path: 'a b\nd.yaml\n',
    output: 'sarif',
    'output-file': 'o',
  });
  expect(first).toMatchObject({ code: 1, stdout: '' });
  expect(await readFile(join(cwd, 'o'), 'utf8')).toContain('secret-env-ref');

  expect((await step(scan, cwd, { path: 'c' })).code).toBe(2);
  expect((await step(scan, cwd, { path: 'c', 'allow-unjudged': 'true' })).code).toBe(0);
  expect((await step(scan, cwd, { path: 'a b', profile: 'permissive' })).code).toBe(0);
  expect((await step(scan, cwd, { path: 'a b', 'fail-on': 'never' })).code).toBe(0);
});
