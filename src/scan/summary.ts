import type { Mode } from '../engine/policy.ts';
import type { ReportedFinding } from './report.ts';

/** How many findings lead to what. */
export function modesOf(
  findings: readonly ReportedFinding[],
): Record<'deny' | 'warn' | 'audit', number> {
  const count = (wanted: Mode): number => findings.filter(({ mode }) => mode === wanted).length;
  return { deny: count('deny'), warn: count('warn'), audit: count('audit') };
}

/** How many findings an exception covers. */
export function exceptedIn(findings: readonly ReportedFinding[]): number {
  return findings.filter(({ excuse }) => excuse === 'exception').length;
}
