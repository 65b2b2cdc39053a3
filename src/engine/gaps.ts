import type { JudgedGap } from './judge.ts';

/** One thing that could not be judged, and every policy that misses it. */
export interface Gap extends Omit<JudgedGap, 'policy' | 'fingerprint'> {
  /** None where the object itself could not be read. */
  readonly policies: readonly string[];
}

/** Tells one cause once: a role that is not known is one, however many policies ask for it. */
export function byCause(unjudged: readonly JudgedGap[]): Gap[] {
  const causes = Map.groupBy(unjudged, ({ reason, path, message }) =>
    JSON.stringify([reason, path, message]),
  );
  return [...causes.values()].flatMap((same) => {
    const policies = new Set(same.map(({ policy }) => policy).filter((policy) => policy !== ''));
    return same.slice(0, 1).map((gap) => ({ ...gap, policies: [...policies] }));
  });
}

/** `not judged by rbac-broad-subject at roleRef: ClusterRole reader is not known here`. */
export function gapText({
  policies,
  path,
  message,
}: Pick<Gap, 'policies' | 'path' | 'message'>): string {
  const by = policies.length === 0 ? '' : ` by ${policies.join(', ')}`;
  return `not judged${by}${path === '' ? '' : ` at ${path}`}: ${message}`;
}
