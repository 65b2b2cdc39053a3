import { lastDay, type Exception } from '../engine/exceptions.ts';
import { byCause, gapText } from '../engine/gaps.ts';
import type { JudgedFinding, Verdict } from '../engine/judge.ts';
import type { Keys } from '../engine/path.ts';
import { cut, printable } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { staticPodNode } from '../kubernetes/static-pods.ts';
import type { Position } from '../yaml/positions.ts';
import type { ReportedError, ReportedException, ReportedFinding } from './report.ts';

/** Where an object stands. */
export interface Place {
  readonly file: string;
  readonly template?: string;
  /** The number of its document in the file, from 1. */
  readonly document: number;
  /** The position of a field of it. */
  readonly position: (keys: Keys) => Position;
}

/** Findings on an object as reports tell them; those on a static Pod are mended in its manifest alone. */
export function toldFindings(
  findings: readonly JudgedFinding[],
  subject: Subject,
  { position, ...place }: Place,
): ReportedFinding[] {
  const node = staticPodNode(subject);
  return findings.map((finding) => ({
    policy: finding.policy,
    severity: finding.severity,
    mode: finding.mode,
    ...(finding.excuse === undefined ? {} : { excuse: finding.excuse }),
    ...(finding.exception === undefined ? {} : { exception: toldException(finding.exception) }),
    ...place,
    ...position(finding.keys),
    apiVersion: shown(subject.object.get('apiVersion').text() ?? ''),
    kind: shown(subject.kind),
    namespace: shown(subject.namespace),
    name: shown(subject.name),
    path: finding.path,
    ...(finding.container === undefined ? {} : { container: finding.container }),
    ...(node === undefined ? {} : { node: shown(node) }),
    message: finding.message,
    fix: node === undefined ? finding.fix : `${finding.fix}; ${inManifest(node)}`,
    fingerprint: finding.fingerprint,
  }));
}

function inManifest(node: string): string {
  return `in the manifest of this static Pod on node ${shown(node)}, since the API cannot change it`;
}

function toldException({ owner, reason, expires }: Exception): ReportedException {
  return { owner: printable(owner), reason: printable(reason), expires: lastDay(expires) };
}

/** What could not be judged of an object, as reports tell it. */
export function toldGaps(
  { unjudged }: Verdict,
  { file, template, position }: Place,
): ReportedError[] {
  return byCause(unjudged).map((gap) => ({
    reason: gap.reason,
    file,
    ...(template === undefined ? {} : { template }),
    ...position(gap.keys),
    message: gapText(gap),
  }));
}

/** A name from outside, safe for a terminal and a log. */
export function shown(text: string): string {
  return printable(cut(text));
}
