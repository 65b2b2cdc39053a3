// A repository of a user, and Hushgate as users get it: from Git, not yet built.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, whatever its exit code. */
export function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
): Promise<Outcome> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error(`${program} cannot be run: it must be on the PATH`, { cause: error }));
    });
  });
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const { code, stdout, stderr } = await run('git', [...author, ...args], { cwd });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function commit(folder: string): Promise<string> {
  await git(folder, 'init', '--quiet');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'test', '--no-verify');
  return (await git(folder, 'rev-parse', 'HEAD')).trim();
}

export interface Workplace {
  readonly folder: string;
  /** Hushgate's repository with the files of the working tree, committed as `revision`. */
  readonly source: string;
  readonly revision: string;
  /** A committed repository of a user with these files. */
  repository(name: string, files: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'hushgate-pipelines-'));
  const source = join(folder, 'hushgate');
  const listed = await git('.', 'ls-files', '--cached', '--others', '--exclude-standard', '-z');
  for (const file of listed.split('\0').filter((name) => name !== ''))
    await cp(file, join(source, file), { recursive: true }).catch(deleted);
  const revision = await commit(source);
  return {
    folder,
    source,
    revision,
    repository: async (name, files) => {
      const own = join(folder, name);
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(own, file)), { recursive: true });
        await writeFile(join(own, file), text);
      }
      await commit(own);
      return own;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** A file that is listed, but was deleted and not committed. */
function deleted(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  automountServiceAccountToken: false
  containers:
  - name: app
    image: registry.example/web:1
`;

/** A repository without a finding, among files that are no manifests. */
export const CLEAN: Readonly<Record<string, string>> = {
  'deploy/pod.yaml': POD,
  'package.json': '{"name": "shop"}',
  '.github/workflows/test.yaml': 'on: push\njobs: {}\n',
};

/** The same with a Pod that is denied. */
export const LEAKY: Readonly<Record<string, string>> = {
  ...CLEAN,
  'deploy/pod.yaml': `${POD}    env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}]\n`,
};
