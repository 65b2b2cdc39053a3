// `hushgate scan --cluster` as a process, and a kubeconfig for somebody who may list but a few kinds.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ScanReport } from '../../../src/scan/report.ts';
import type { ControlPlane } from '../harness/control-plane.ts';
import { adminKubeconfig } from '../harness/credentials.ts';
import { kubectl } from '../harness/kubectl.ts';

export interface Scanned {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that the process had at once, in MiB. */
  readonly peak: number;
}

/** With a kubeconfig file, or with what the environment names. */
export async function scanCluster(
  kubeconfigPath: string | undefined,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Scanned> {
  const bin = join(process.cwd(), 'src/bin/hushgate.ts');
  const file = kubeconfigPath === undefined ? [] : ['--kubeconfig', kubeconfigPath];
  const whole = [bin, 'scan', '--cluster', ...file, ...args];
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  const child = spawn(process.execPath, whole, { env });
  let peak = 0;
  const status = `/proc/${child.pid ?? 0}/status`;
  const timer = setInterval(() => {
    void readFile(status, 'utf8').then(
      (lines) => {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(lines)?.[1] ?? 0) / 1024);
      },
      () => undefined, // it has ended
    );
  }, 50);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  clearInterval(timer);
  return { code, stdout, stderr, peak };
}

/** The report of a scan, and its exit code. */
export async function reportOf(
  kubeconfigPath: string | undefined,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<ScanReport & { readonly code: number | null }> {
  const whole = [...args, '-o', 'json'];
  const { code, stdout, stderr } = await scanCluster(kubeconfigPath, whole, environment);
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as ScanReport), code };
}

/** What is found, as `policy Kind namespace/name path`. */
export const lines = ({ findings }: ScanReport): string[] =>
  findings.map(
    ({ policy, kind, namespace, name, path }) => `${policy} ${kind} ${namespace}/${name} ${path}`,
  );

/** A kubeconfig file of a ServiceAccount of `default`. */
export async function accountKubeconfig(plane: ControlPlane, account: string): Promise<string> {
  const { stdout } = await kubectl(plane, ['create', 'token', account]);
  const path = join(plane.kubeconfigPath, '..', `${account}.kubeconfig`);
  await writeFile(path, adminKubeconfig(plane.url, plane.caPem, stdout.trim()), { mode: 0o600 });
  return path;
}

/** Applies objects; throws where kubectl refuses. */
export async function apply(plane: ControlPlane, ...objects: readonly object[]): Promise<void> {
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const args = ['create', '-f', '-', '--validate=false'];
  const { code, stderr } = await kubectl(plane, args, { stdin, timeoutMs: 240_000 });
  if (code !== 0) throw new Error(stderr);
}
