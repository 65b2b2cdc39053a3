import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Resolves with the exit code instead of throwing. */
  readonly allowFailure?: boolean;
}

/** Runs a program to its end; throws with what it said when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  { input = '', allowFailure = false }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0 && !allowFailure) {
    throw new Error(`${program} ${args.join(' ')}: exit code ${code}\n${stdout}\n${stderr}`);
  }
  return { code, stdout: stdout.trim(), stderr: stderr.trim() };
}

export const kubectl = (...args: readonly string[]): Promise<Ran> => run('kubectl', args);

/** kubectl that may fail, with an object on its stdin. */
export function kubectlWith(object: unknown, ...args: readonly string[]): Promise<Ran> {
  return run('kubectl', args, { input: JSON.stringify(object), allowFailure: true });
}
