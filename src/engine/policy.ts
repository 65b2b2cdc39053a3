import type { TSchema } from 'typebox';
import type { Resource } from '../kubernetes/resources.ts';
import type { Facts, FactName } from './facts.ts';
import type { Field } from './field.ts';
import type { SafeText } from './safe-text.ts';
import type { Operation, Subject } from './subject.ts';

export const MODES = ['off', 'audit', 'warn', 'deny'] as const;
/** What a finding leads to, from the least to the most. */
export type Mode = (typeof MODES)[number];

export const PROFILES = ['permissive', 'baseline', 'strict'] as const;
export type Profile = (typeof PROFILES)[number];

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** The practice of the Kubernetes good-practice articles that a policy serves. */
export type Practice =
  | 'Encryption at rest'
  | 'Least-privilege access'
  | 'Files, not environment variables'
  | 'External secret managers'
  | 'Rotation'
  | 'Short-lived credentials'
  | 'Audit'
  | 'No secrets in Git or plain configuration'
  | 'Namespace isolation';

/** A message and its remedy; `{name}` stands for a parameter. */
export interface MessageTemplate {
  /** What is wrong and why it matters, in one sentence. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** The most that it leads to, whatever the mode of its policy: a word on what may well be right. */
  readonly atMost?: Mode;
}

export interface PolicyMeta {
  /** Kebab-case, names the bad thing; also the file name, the docs page and the configuration key. */
  readonly id: string;
  readonly title: string;
  readonly practice: Practice;
  readonly rationale: string;
  readonly remediation: string;
  readonly whenNotToUse: string;
  readonly severity: Severity;
  /** `permissive` follows from `baseline` where it is left out. */
  readonly modes: Readonly<Record<'baseline' | 'strict', Mode>> & { readonly permissive?: Mode };
  /** Judged in what `scan` reads, never in what the API server holds or asks about. */
  readonly scope?: 'files';
  readonly appliesTo: {
    readonly resources: readonly Resource[];
    /** Also kinds that are not built in, where a pod template or container is found by its structure. */
    readonly customWorkloads?: boolean;
    readonly operations: readonly Operation[];
  };
  /** Facts from outside the object that it cannot do without; [] judges offline. */
  readonly needs: readonly FactName[];
  /** Policies that tell the same story more strongly: at the same path, only theirs is told. */
  readonly foldsInto?: readonly string[];
  readonly references: readonly { readonly title: string; readonly url: string }[];
  readonly messages: Readonly<Record<string, MessageTemplate>>;
}

/**
 * A word that is granted in one dimension: `verbs list` and `resourceNames db` by a rule, `secrets Secret db`
 * to a container; `*` is every word.
 */
export type Grant = readonly [
  dimension: 'verbs' | 'apiGroups' | 'resources' | 'resourceNames' | 'ways' | 'secrets',
  word: SafeText,
];

/** What a policy reports; the engine makes a Finding of it. */
export interface Report {
  /** A key of the policy's `messages`. */
  readonly message: string;
  readonly at: Field;
  readonly params: Readonly<Record<string, SafeText>>;
  /** The container's `name` field, where the finding is in one. */
  readonly container?: SafeText;
  /** What is referred to or granted, so that another Secret or verb at the same path is new. */
  readonly referent: readonly SafeText[];
  /** What is granted there, where less of it is no new finding. */
  readonly grants?: readonly Grant[];
  /** Those of `meta.foldsInto` that tell this report's story too; all of them where left out. */
  readonly foldsInto?: readonly string[];
}

/** Something a policy could not judge since a fact is not known. */
export interface NotKnown {
  readonly unknown: FactName | 'file';
  readonly at: Field;
  readonly what: SafeText;
}

export interface PolicyModule<Options = unknown> {
  readonly meta: PolicyMeta;
  /** JSON schema of the options, every one with a default. */
  readonly options?: TSchema;
  /** Pure and synchronous. */
  check(subject: Subject, options: Options, facts: Facts): Iterable<Report | NotKnown>;
}

/** Whether a policy has a say in admission, and in a scan of what a cluster holds. */
export function isForAdmission({ scope }: PolicyMeta): boolean {
  return scope !== 'files';
}

/**
 * The mode of a policy in a profile: `permissive` is baseline with deny as warn and warn as audit, but
 * where the policy says otherwise.
 */
export function profileMode(meta: PolicyMeta, profile: Profile): Mode {
  const own = meta.modes[profile];
  if (own !== undefined) return own;
  const { baseline } = meta.modes;
  if (baseline === 'deny') return 'warn';
  return baseline === 'warn' ? 'audit' : baseline;
}

/** The weaker of two modes. */
export function weaker(mode: Mode, other: Mode): Mode {
  return atLeast(mode, other) ? other : mode;
}

/** Whether `mode` is at least as strong as `other`. */
export function atLeast(mode: Mode, other: Mode): boolean {
  return MODES.indexOf(mode) >= MODES.indexOf(other);
}
