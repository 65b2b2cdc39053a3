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
  /** What covers it, where the excuse is an exception of the configuration. */
  readonly exception?: ReportedException;
  readonly file: string;
  /** The chart's template that it was rendered from, where Helm says it in a comment. */
  readonly template?: string;
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
  /** Of a static Pod: the node on which its manifest lies. */
  readonly node?: string;
  readonly message: string;
  readonly fix: string;
  readonly fingerprint: string;
}

/** An exception of the configuration, in its owner's words. */
export interface ReportedException {
  readonly owner: string;
  readonly reason: string;
  /** The last day (UTC) on which it counts, `2027-01-31`. */
  readonly expires: string;
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
  /** The chart's template that it was rendered from, where Helm says it in a comment. */
  readonly template?: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Something worth a word that leaves nothing unjudged. */
export interface ReportedNote {
  readonly file: string;
  /** The chart's template that it was rendered from, where Helm says it in a comment. */
  readonly template?: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Whom a binding lets in. */
export interface ReportedReader {
  readonly kind: string;
  /** Of a ServiceAccount; empty for the others. */
  readonly namespace: string;
  readonly name: string;
  /** The crowd behind it, where it is no single one. */
  readonly standsFor?: string;
}

/** A RoleBinding or ClusterRoleBinding, and where its roleRef stands. */
export interface ReportedBinding {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ReportedRole {
  readonly kind: string;
  readonly name: string;
  /** Made by the API server itself. */
  readonly builtIn: boolean;
}

/** A reader and what lets it in. */
export interface ReportedGap {
  readonly reader: ReportedReader;
  readonly binding: ReportedBinding;
  readonly role: ReportedRole;
}

/** What a reader can read by one binding. */
export interface ReportedGrant extends ReportedGap {
  /** Empty: in every namespace. */
  readonly namespace: string;
  /** As in a rule of RBAC: none is every Secret. */
  readonly names: readonly string[];
  /** Verbs whose answer carries the Secret. */
  readonly verbs: readonly string[];
  /** Permissions on something else that lead to the Secrets, where there are no verbs. */
  readonly ways: readonly string[];
}

/** Who can read Secrets, by the roles and bindings in the input. */
export interface ReportedAccess {
  /** How many bindings were in the input; with none, nothing is known of who can read. */
  readonly bindings: number;
  readonly grants: readonly ReportedGrant[];
  /** Readers by a role that is not in the input: what they can read is not known. */
  readonly unknown: readonly ReportedGap[];
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
  /** In a cluster: findings that are told at the owner, or at the role that is aggregated. */
  readonly folded?: number;
}

/** What `hushgate scan` found: the contract of `-o json`. */
export interface ScanReport {
  readonly version: typeof REPORT_VERSION;
  /** What was scanned in place of files: the context of the kubeconfig file. */
  readonly cluster?: string;
  readonly summary: ReportSummary;
  readonly findings: readonly ReportedFinding[];
  readonly errors: readonly ReportedError[];
  readonly notes: readonly ReportedNote[];
  readonly access: ReportedAccess;
}
