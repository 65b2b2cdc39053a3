// The API server's audit log, where audit annotations come out.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../harness/poll.ts';

export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly responseStatus?: { readonly code?: number };
}

export interface AuditLog {
  readonly file: string;
  /** For the API server. */
  readonly args: readonly string[];
  /** The first event for which `matches` says yes. */
  event(what: string, matches: (event: AuditEvent) => boolean): Promise<AuditEvent>;
  remove(): Promise<void>;
}

/** Writes at level Metadata are logged, and reads by the verbs that are named; nothing else. */
export async function auditLog(reads: readonly string[] = []): Promise<AuditLog> {
  const dir = await mkdtemp(join(tmpdir(), 'hushgate-audit-'));
  const policy = join(dir, 'policy.yaml');
  const log = join(dir, 'audit.log');
  const verbs = ['create', 'update', 'patch', 'delete', ...reads];
  const rules = [{ level: 'Metadata', omitStages: ['RequestReceived'], verbs }];
  await writeFile(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  const events = async (): Promise<AuditEvent[]> =>
    (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent);
  return {
    file: log,
    args: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`],
    event: (what, matches) =>
      eventually(`an audit event: ${what}`, async () => (await events()).find(matches)),
    remove: () => rm(dir, { recursive: true }),
  };
}
