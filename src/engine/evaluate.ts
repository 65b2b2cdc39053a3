import { builtIn, isCustomGroup } from '../kubernetes/resources.ts';
import type { Facts } from './facts.ts';
import { findingOf, fingerprint, type Finding } from './finding.ts';
import { fieldPath, keysTo, type Keys } from './path.ts';
import {
  isForAdmission,
  type NotKnown,
  type PolicyMeta,
  type PolicyModule,
  type Report,
} from './policy.ts';
import { isStock } from './stock.ts';
import type { Subject } from './subject.ts';

/** Something that should have been judged and could not be: never the same as clean. */
export interface Unjudged {
  readonly reason: 'malformed' | 'unknown' | 'internal';
  /** The policy, or empty where the object itself could not be read. */
  readonly policy: string;
  readonly path: string;
  readonly keys: Keys;
  readonly message: string;
  readonly fingerprint: string;
}

export interface Evaluation {
  readonly findings: readonly Finding[];
  /** What would be findings, but is as Kubernetes itself makes it. */
  readonly stock: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
}

/** A policy with its options, checked against their schema. */
export interface ConfiguredPolicy {
  readonly policy: PolicyModule;
  readonly options: unknown;
}

/** More places than this in one object are counted, not listed: the work stays bounded by its size. */
const MOST_PROBLEMS = 20;

/** Every finding of every policy on one object. Pure, synchronous, and it never throws. */
export function evaluate(
  subject: Subject,
  facts: Facts,
  policies: readonly ConfiguredPolicy[],
): Evaluation {
  const findings: Finding[] = [];
  const stock: Finding[] = [];
  const unjudged: Unjudged[] = [];
  for (const { policy, options } of policiesFor(subject, policies)) {
    if (!isAskedFor(policy.meta, subject)) continue;
    try {
      for (const report of policy.check(subject, options, facts)) {
        if (isNotKnown(report)) unjudged.push(notKnown(policy.meta, subject, report));
        else {
          const list = isStock(subject, report.at, facts) ? stock : findings;
          list.push(findingOf(policy.meta, subject, report));
        }
      }
    } catch (error) {
      unjudged.push(internal(policy.meta, subject, error));
    }
  }
  return { findings, stock, unjudged: [...unjudged, ...malformed(subject)] };
}

function isAskedFor(meta: PolicyMeta, { operation, origin }: Subject): boolean {
  if (origin === 'api' && !isForAdmission(meta)) return false;
  return meta.appliesTo.operations.includes(operation);
}

/** Policies by `group/kind`, for the kinds that they name, and those for kinds that nobody names. */
interface Index {
  readonly byKind: ReadonlyMap<string, readonly ConfiguredPolicy[]>;
  readonly custom: readonly ConfiguredPolicy[];
}

const indices = new WeakMap<readonly ConfiguredPolicy[], Index>();

/** The policies that judge this kind; an unknown subresource is judged, not skipped. */
function policiesFor(
  { group, kind }: Subject,
  policies: readonly ConfiguredPolicy[],
): readonly ConfiguredPolicy[] {
  const index = indices.get(policies) ?? indexOf(policies);
  indices.set(policies, index);
  return index.byKind.get(`${group}/${kind}`) ?? (isCustom(group, kind) ? index.custom : []);
}

function indexOf(policies: readonly ConfiguredPolicy[]): Index {
  const named = policies.flatMap(({ policy }) => policy.meta.appliesTo.resources);
  const byKind = named.map(
    ({ group, kind }) =>
      [
        `${group}/${kind}`,
        policies.filter(({ policy }) => applies(policy.meta, group, kind)),
      ] as const,
  );
  const custom = policies.filter(({ policy }) => policy.meta.appliesTo.customWorkloads === true);
  return { byKind: new Map(byKind), custom };
}

function applies({ appliesTo }: PolicyMeta, group: string, kind: string): boolean {
  const { resources, customWorkloads = false } = appliesTo;
  const known = resources.some((resource) => resource.group === group && resource.kind === kind);
  return known || (customWorkloads && isCustom(group, kind));
}

function isCustom(group: string, kind: string): boolean {
  return builtIn(group, kind) === undefined && isCustomGroup(group);
}

function isNotKnown(report: Report | NotKnown): report is NotKnown {
  return 'unknown' in report;
}

function notKnown(meta: PolicyMeta, subject: Subject, { at, what }: NotKnown): Unjudged {
  const path = fieldPath(at);
  return {
    reason: 'unknown',
    policy: meta.id,
    path,
    keys: keysTo(at),
    message: `${what} is not known here`,
    fingerprint: fingerprint(meta.id, subject, ['unknown', path, what]),
  };
}

// The text of a thrown error may hold a value, so only its class is told.
function internal(meta: PolicyMeta, subject: Subject, error: unknown): Unjudged {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return {
    reason: 'internal',
    policy: meta.id,
    path: '',
    keys: [],
    message: `the policy failed with ${kind}; please report this`,
    fingerprint: fingerprint(meta.id, subject, 'internal'),
  };
}

function malformed(subject: Subject): Unjudged[] {
  const byPath = new Map<string, Unjudged>();
  for (const { at, expected } of subject.object.problems) {
    const path = fieldPath(at);
    if (byPath.has(path)) continue;
    if (byPath.size === MOST_PROBLEMS) break;
    byPath.set(path, {
      reason: 'malformed',
      policy: '',
      path,
      keys: keysTo(at),
      message:
        expected === 'end'
          ? 'is nested too deeply to be read'
          : `is ${jsonType(at.value)} where the API has a ${expected}`,
      fingerprint: fingerprint('', subject, ['malformed', path, expected]),
    });
  }
  return [...byPath.values()];
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
