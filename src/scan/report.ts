import type { Excuse } from '../engine/judge.ts';
import type { Mode, Severity } from '../engine/policy.ts';

/** Raised when a field goes or changes its meaning; new fields alone do not raise it. */
export const REPORT_VERSION = 1;

/** A finding and where it stands. Holds no value of any Secret, ConfigMap or literal. */
export interface ReportedFinding {
  readonly policy: string;
  readonly severity: Severity;
  readonly mode: Mode;
  /** Why it counts for less than its policy's mode. */
  readonly excuse?: Excuse;
  readonly file: string;
  /** The number of the document in its file, from 1. */
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly container?: string;
  readonly message: string;
  readonly fix: string;
  readonly fingerprint: string;
}

/** Why an input was not judged, or not whole. */
export type ErrorReason =
  | 'unreadable'
  | 'syntax'
  | 'template'
  | 'binary'
  | 'too-large'
  | 'not-an-object'
  | 'malformed'
  | 'unknown'
  | 'internal';

/** Input that was not judged: never the same as clean. */
export interface ReportedError {
  readonly reason: ErrorReason;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Something worth a word that leaves nothing unjudged. */
export interface ReportedNote {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ReportSummary {
  readonly files: number;
  readonly documents: number;
  readonly objects: number;
  readonly deny: number;
  readonly warn: number;
  readonly audit: number;
  /** Findings that an exception of the configuration covers; they are among `audit`. */
  readonly excepted: number;
  /** Findings that the baseline accepts; they are not listed. */
  readonly baselined: number;
  readonly errors: number;
  /** Files that are templates nobody rendered; they are among `errors`. */
  readonly templates: number;
  /** Files and folders that a .gitignore leaves out. */
  readonly ignored: number;
}

/** What `hushgate scan` found: the contract of `-o json`. */
export interface ScanReport {
  readonly version: typeof REPORT_VERSION;
  readonly summary: ReportSummary;
  readonly findings: readonly ReportedFinding[];
  readonly errors: readonly ReportedError[];
  readonly notes: readonly ReportedNote[];
}
