import type { JudgedFinding, Verdict } from '../engine/judge.ts';
import { cut, printable } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import type { Position } from '../yaml/positions.ts';
import type { ReportedError, ReportedFinding } from './report.ts';

/** Where an object stands. */
export interface Place {
  readonly file: string;
  /** The number of its document in the file, from 1. */
  readonly document: number;
  /** The position of a field of it. */
  readonly position: (path: string) => Position;
}

/** Findings on an object as reports tell them. */
export function toldFindings(
  findings: readonly JudgedFinding[],
  subject: Subject,
  { file, document, position }: Place,
): ReportedFinding[] {
  return findings.map((finding) => ({
    policy: finding.policy,
    severity: finding.severity,
    mode: finding.mode,
    ...(finding.excuse === undefined ? {} : { excuse: finding.excuse }),
    file,
    document,
    ...position(finding.path),
    apiVersion: shown(subject.object.get('apiVersion').text() ?? ''),
    kind: shown(subject.kind),
    namespace: shown(subject.namespace),
    name: shown(subject.name),
    path: finding.path,
    ...(finding.container === undefined ? {} : { container: finding.container }),
    message: finding.message,
    fix: finding.fix,
    fingerprint: finding.fingerprint,
  }));
}

/** What could not be judged of an object, as reports tell it. */
export function toldGaps({ unjudged }: Verdict, { file, position }: Place): ReportedError[] {
  return unjudged.map(({ reason, policy, path, message }) => ({
    reason,
    file,
    ...position(path),
    message: `not judged${policy === '' ? '' : ` by ${policy}`}${path === '' ? '' : `, ${path}`}: ${message}`,
  }));
}

/** A name from outside, safe for a terminal and a log. */
export function shown(text: string): string {
  return printable(cut(text));
}
