import { isJsonObject } from '../engine/field.ts';
import type { ReportedFinding } from './report.ts';

/** A baseline file that cannot be used; the message holds none of its text. */
export class BaselineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BaselineError';
  }
}

/** The file that accepts these findings: by fingerprint, with what a reader needs to know them by. */
export function writeBaseline(findings: readonly ReportedFinding[]): string {
  const entries = findings.map(({ fingerprint, policy, kind, namespace, name, path }) => ({
    fingerprint,
    policy,
    kind,
    namespace,
    name,
    path,
  }));
  return `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`;
}

/** The fingerprints in a baseline's text. Throws a BaselineError. */
export function readBaseline(text: string, file: string): readonly string[] {
  const wrong = new BaselineError(`${file}: is no baseline that --write-baseline wrote`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (!isJsonObject(value) || value['version'] !== 1 || !Array.isArray(value['findings']))
    throw wrong;
  return value['findings'].map((entry: unknown) => {
    const fingerprint = isJsonObject(entry) ? entry['fingerprint'] : undefined;
    if (typeof fingerprint !== 'string') throw wrong;
    return fingerprint;
  });
}

/** Takes away what the baseline accepts, as multisets: each entry stands for one finding. */
export function withoutBaseline(
  findings: readonly ReportedFinding[],
  baseline: readonly string[],
): {
  readonly findings: readonly ReportedFinding[];
  readonly baselined: number;
  readonly stale: number;
} {
  const left = new Map<string, number>();
  for (const fingerprint of baseline) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  const fresh = findings.filter(({ fingerprint }) => {
    const count = left.get(fingerprint) ?? 0;
    if (count > 0) left.set(fingerprint, count - 1);
    return count === 0;
  });
  const baselined = findings.length - fresh.length;
  return { findings: fresh, baselined, stale: baseline.length - baselined };
}
