import type { Finding } from '../engine/finding.ts';
import { stablePath } from '../engine/path.ts';
import type { Subject } from '../engine/subject.ts';
import { podTemplates } from '../kubernetes/pod-template.ts';
import { POD } from '../kubernetes/resources.ts';

/** An object that may own others, and what it tells of its pods. */
interface Owner {
  readonly namespace: string;
  /** The uid of its own controller. */
  readonly controller: string | undefined;
  /** How many findings of each story it has, those of Kubernetes' own make too. */
  readonly tells: ReadonlyMap<string, number>;
}

/** A finding told at the pod template that a pod was made from is not told again at the pod. */
export interface Owners {
  /** An object with its findings, owners before what they own; returns those to be told at it. */
  add<Told extends Finding>(
    subject: Subject,
    findings: readonly Told[],
    stock: readonly Finding[],
  ): readonly Told[];
  /** A ReplicaSet without replicas that a known owner keeps: a past revision, of which nothing runs. */
  isPast(subject: Subject): boolean;
}

/** Owners of owners further away are not looked at: a CronJob, its Job and their Pod are three. */
const FURTHEST = 8;

/** Pure but for its own memory: of each workload but Pods its uid, its owner's, and its findings' stories. */
export function startOwners(): Owners {
  const known = new Map<string, Owner>();
  return {
    add(subject, findings, stock) {
      const { uid, controller } = identityOf(subject);
      const told = findings.filter(
        untold(ownersAbove(known, subject.namespace, controller), subject),
      );
      if (uid !== undefined && !isPod(subject)) {
        const tells = new Map<string, number>();
        for (const finding of [...findings, ...stock]) {
          const story = storyOf(finding, subject);
          tells.set(story, (tells.get(story) ?? 0) + 1);
        }
        known.set(uid, { namespace: subject.namespace, controller, tells });
      }
      return told;
    },
    isPast(subject) {
      if (subject.group !== 'apps' || subject.kind !== 'ReplicaSet') return false;
      if (subject.object.at('spec', 'replicas').value !== 0) return false;
      const { controller } = identityOf(subject);
      return ownersAbove(known, subject.namespace, controller).length > 0;
    },
  };
}

/** Each owner's finding of a story stands for one of the object's. */
function untold(above: readonly Owner[], subject: Subject): (finding: Finding) => boolean {
  const met = new Map<string, number>();
  return (finding) => {
    if (above.length === 0) return true;
    const story = storyOf(finding, subject);
    const before = met.get(story) ?? 0;
    met.set(story, before + 1);
    return above.every(({ tells }) => (tells.get(story) ?? 0) <= before);
  };
}

/** By uid, which nobody can choose; an owner is in the same namespace or in none. */
function ownersAbove(
  known: ReadonlyMap<string, Owner>,
  namespace: string,
  controller: string | undefined,
): readonly Owner[] {
  const found: Owner[] = [];
  let uid = controller;
  while (uid !== undefined && found.length < FURTHEST) {
    const owner = known.get(uid);
    if (owner === undefined) break;
    if (owner.namespace !== '' && owner.namespace !== namespace) break;
    found.push(owner);
    uid = owner.controller;
  }
  return found;
}

function identityOf({ object }: Subject): {
  readonly uid: string | undefined;
  readonly controller: string | undefined;
} {
  const metadata = object.get('metadata');
  const owner = metadata
    .get('ownerReferences')
    .items()
    .find((reference) => reference.get('controller').flag() === true);
  return { uid: metadata.get('uid').text(), controller: owner?.get('uid').text() };
}

/**
 * What a finding says, without whose it is: the policy, the place in the pod template or in the object
 * around it, and what is referred to. Two findings of one story have one cause.
 */
function storyOf(finding: Finding, subject: Subject): string {
  const { policy, messageId, stablePath: path, referent, grants } = finding;
  const template = podTemplates(subject)
    .map(({ field }) => stablePath(field))
    .find((prefix) => prefix.every((segment, index) => path[index] === segment));
  const where = template === undefined ? ['', ...path] : path.slice(template.length);
  return JSON.stringify([policy, messageId, where, referent, grants]);
}

const isPod = ({ group, kind }: Subject): boolean => group === POD.group && kind === POD.kind;
