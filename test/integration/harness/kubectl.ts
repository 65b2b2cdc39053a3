import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findBinary } from './binaries.ts';
import type { Identity } from './transport.ts';

export interface KubectlOptions {
  readonly stdin?: string;
  readonly as?: Identity;
  readonly timeoutMs?: number;
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl as the administrator, or as somebody else; throws only when it does not end in time. */
export async function kubectl(
  plane: { readonly kubeconfigPath: string },
  args: readonly string[],
  { stdin = '', as, timeoutMs = 60_000 }: KubectlOptions = {},
): Promise<KubectlResult> {
  const home = dirname(plane.kubeconfigPath);
  const impersonation = as === undefined ? [] : ['--as', as.user];
  for (const group of as?.groups ?? []) impersonation.push('--as-group', group);
  const child = spawn(
    findBinary('kubectl'),
    [
      '--kubeconfig',
      plane.kubeconfigPath,
      '--cache-dir',
      join(home, 'cache'),
      ...impersonation,
      ...args,
    ],
    { env: { PATH: process.env['PATH'], HOME: home }, timeout: timeoutMs, killSignal: 'SIGKILL' },
  );
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code === null)
    throw new Error(`kubectl ${args.join(' ')}: killed after ${timeoutMs} ms\n${stderr}`);
  return { code, stdout, stderr };
}
