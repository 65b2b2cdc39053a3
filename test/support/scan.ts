// `hushgate scan` as a process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ReportedFinding, ScanReport } from '../../src/scan/report.ts';

export interface Scanned {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With what another command wrote on its standard input. */
export async function scan(args: readonly string[], stdin = ''): Promise<Scanned> {
  const bin = join(process.cwd(), 'src/bin/hushgate.ts');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [bin, 'scan', ...args], { env });
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** The report of a scan, with its exit code; throws where there is none. */
export async function reportOfScan(
  args: readonly string[],
  stdin = '',
): Promise<ScanReport & { readonly code: number | null }> {
  const { code, stdout, stderr } = await scan([...args, '-o', 'json'], stdin);
  if (stdout === '' || stderr !== '') throw new Error(`exit code ${code}: ${stderr}`);
  return { ...(JSON.parse(stdout) as ScanReport), code };
}

/** A finding in one line, with what the text that was scanned has at its place. */
export function inText(text: string, finding: ReportedFinding): string {
  const { mode, policy, kind, namespace, name, path, line, column, template } = finding;
  const there = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const from = template === undefined ? '' : `, ${template}`;
  return `${mode} ${policy}, ${object}, ${path}: ${line}: ${there}${from}`;
}
