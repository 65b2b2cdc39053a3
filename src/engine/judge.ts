import { evaluate, type ConfiguredPolicy, type Evaluation, type Unjudged } from './evaluate.ts';
import { endText, exceptionsFor, type Exception } from './exceptions.ts';
import { NAMESPACE } from '../kubernetes/resources.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { atLeast, MODES, weaker, type Mode, type Severity } from './policy.ts';
import { hadBefore } from './ratchet.ts';
import { modesIn, type Settings } from './settings.ts';
import type { Requester, Subject } from './subject.ts';

/** Why a finding counts for less than its policy's mode. */
export type Excuse = 'exception' | 'ratchet' | 'controller' | 'dry-run';

/** A finding with what it leads to here. */
export interface JudgedFinding extends Finding {
  /** The mode of its policy in this namespace. */
  readonly policyMode: Mode;
  /** What it leads to after excuses. */
  readonly mode: Mode;
  readonly excuse?: Excuse;
  readonly exception?: Exception;
}

export interface JudgedGap extends Unjudged {
  readonly mode: Mode;
  readonly excuse?: Excuse;
}

export interface Verdict {
  readonly allowed: boolean;
  /** By mode, severity, policy and path; `off` is left out. */
  readonly findings: readonly JudgedFinding[];
  /** What would be findings, but is as Kubernetes itself makes it. */
  readonly stock: readonly Finding[];
  readonly unjudged: readonly JudgedGap[];
}

export interface Case {
  readonly subject: Subject;
  /** The object before an UPDATE. */
  readonly old?: Subject;
  readonly requester?: Requester;
  /** Made by a controller from a template that was judged itself: nothing is denied or warned. */
  readonly auditOnly?: boolean;
}

/** The verdict on one object: evaluated, then mode, exceptions, ratchet and dry run, in this order. */
export function judge(request: Case, settings: Settings, facts: Facts): Verdict {
  const modes = modesIn(settings, placeOf(request.subject));
  const policies = policiesBy(modes, settings);
  const evaluation = evaluate(request.subject, facts, policies);
  const excuse = excuses(request, settings, before(request, facts, policies, evaluation));
  const findings = evaluation.findings.map((finding): JudgedFinding => {
    const policyMode = modes.get(finding.policy) ?? 'off';
    const { holding, ended } = exceptionsFor(finding, request, settings.exceptions, facts.now);
    if (holding !== undefined)
      return { ...finding, policyMode, mode: 'audit', excuse: 'exception', exception: holding };
    const told = ended === undefined ? finding : withEnd(finding, ended);
    return { ...told, policyMode, ...excuse(weaker(policyMode, finding.atMost), finding) };
  });
  const unjudged = evaluation.unjudged.map((gap): JudgedGap => {
    const mode = gapMode(gap, settings, modes);
    return { ...gap, ...excuse(mode, gap) };
  });
  const told = fold(findings).sort(byWeight);
  const allowed = ![...told, ...unjudged].some(({ mode }) => mode === 'deny');
  return { allowed, findings: told, stock: evaluation.stock, unjudged };
}

/** The namespace whose modes count: a Namespace is in itself. */
function placeOf({ group, kind, namespace, name }: Subject): string {
  return group === NAMESPACE.group && kind === NAMESPACE.kind ? name : namespace;
}

const switchedOn = new WeakMap<ReadonlyMap<string, Mode>, readonly ConfiguredPolicy[]>();

/** The policies that are not off, as one list for the same modes. */
function policiesBy(
  modes: ReadonlyMap<string, Mode>,
  settings: Settings,
): readonly ConfiguredPolicy[] {
  const made =
    switchedOn.get(modes) ??
    settings.policies.filter(({ policy }) => modes.get(policy.meta.id) !== 'off');
  switchedOn.set(modes, made);
  return made;
}

/** What the old object had already; only asked for where something could deny. */
function before(
  { old, auditOnly = false }: Case,
  facts: Facts,
  policies: readonly ConfiguredPolicy[],
  now: Evaluation,
): ReadonlySet<Finding | Unjudged> {
  if (old === undefined || auditOnly) return new Set();
  if (now.findings.length === 0 && now.unjudged.length === 0) return new Set();
  const then = evaluate(old, facts, policies);
  return hadBefore(now, { ...then, findings: [...then.findings, ...then.stock] });
}

function withEnd(finding: Finding, ended: Exception): Finding {
  return { ...finding, message: `${finding.message}; ${endText(ended)}` };
}

type Excused = { readonly mode: Mode; readonly excuse?: Excuse };

/** Lowers a mode by the first excuse that holds, where no exception does. */
function excuses(
  { auditOnly = false }: Case,
  settings: Settings,
  had: ReadonlySet<Finding | Unjudged>,
): (mode: Mode, what: Finding | Unjudged) => Excused {
  return (mode, what) => {
    if (auditOnly && mode !== 'audit') return { mode: 'audit', excuse: 'controller' };
    if (mode !== 'deny') return { mode };
    if (had.has(what)) return { mode: 'warn', excuse: 'ratchet' };
    return settings.dryRun ? { mode: 'warn', excuse: 'dry-run' } : { mode };
  };
}

/** A missing fact is told at most as a warning, since it is no fault of the object's author. */
function gapMode(
  { reason, policy }: Unjudged,
  { onError }: Settings,
  modes: ReadonlyMap<string, Mode>,
): Mode {
  if (reason !== 'unknown') return onError;
  return modes.get(policy) === 'audit' ? 'audit' : 'warn';
}

/**
 * Tells each root cause once: drops a finding where a policy that it folds into tells of the same place
 * and leads to no less. So what excuses the one (an exception, the ratchet) does not excuse the other.
 */
function fold(findings: readonly JudgedFinding[]): JudgedFinding[] {
  const leadsTo = new Map(findings.map(({ policy, path, mode }) => [`${policy} ${path}`, mode]));
  return findings.filter(
    ({ foldsInto, path, mode }) =>
      !foldsInto.some((target) => atLeast(leadsTo.get(`${target} ${path}`) ?? 'off', mode)),
  );
}

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

function byWeight(a: JudgedFinding, b: JudgedFinding): number {
  return (
    MODES.indexOf(b.mode) - MODES.indexOf(a.mode) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    compare(a.policy, b.policy) ||
    compare(a.path, b.path)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
