import type { Evaluation, Unjudged } from './evaluate.ts';
import type { Finding } from './finding.ts';
import type { Grant } from './policy.ts';

/** More old findings than this at one place are not searched for a wider one: the work stays bounded. */
const MOST_CANDIDATES = 200;

/**
 * The findings and gaps of an object that its old version had already. By fingerprint, as multisets:
 * each old one stands for one new one. A grant that became narrower is an old one too, so that nobody
 * is kept from taking a permission away.
 */
export function hadBefore(now: Evaluation, old: Evaluation): ReadonlySet<Finding | Unjudged> {
  const had = new Set<Finding | Unjudged>();
  const left = new Map<string, (Finding | Unjudged)[]>();
  for (const item of [...old.findings, ...old.unjudged]) {
    left.set(item.fingerprint, [...(left.get(item.fingerprint) ?? []), item]);
  }
  for (const item of [...now.findings, ...now.unjudged]) {
    if (left.get(item.fingerprint)?.pop() !== undefined) had.add(item);
  }
  addNarrowed(had, now.findings, [...left.values()].flat());
  return had;
}

function addNarrowed(
  had: Set<Finding | Unjudged>,
  now: readonly Finding[],
  left: readonly (Finding | Unjudged)[],
): void {
  const wider = new Map<string, Finding[]>();
  for (const item of left) {
    if (!('grants' in item) || item.grants.length === 0) continue;
    const place = placeOf(item);
    const there = wider.get(place) ?? [];
    if (there.length < MOST_CANDIDATES) there.push(item);
    wider.set(place, there);
  }
  for (const finding of now) {
    if (had.has(finding) || finding.grants.length === 0) continue;
    const candidates = wider.get(placeOf(finding)) ?? [];
    const index = candidates.findIndex(({ grants }) => covers(grants, finding.grants));
    if (index === -1) continue;
    candidates.splice(index, 1);
    had.add(finding);
  }
}

/** As the fingerprint, without what is granted: two versions of one finding have the same place. */
function placeOf({ policy, stablePath, referent }: Finding): string {
  return JSON.stringify([policy, stablePath, referent]);
}

/** Whether the old grants hold all the new ones; in each dimension `*` stands for every word. */
function covers(old: readonly Grant[], now: readonly Grant[]): boolean {
  const held = new Set(old.map(([dimension, word]) => `${dimension} ${word}`));
  return now.every(
    ([dimension, word]) => held.has(`${dimension} ${word}`) || held.has(`${dimension} *`),
  );
}
