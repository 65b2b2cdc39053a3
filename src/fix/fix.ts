import type { JudgedFinding } from '../engine/judge.ts';
import type { Subject } from '../engine/subject.ts';
import type { Change } from './change.ts';

export const EXTRA_FIXES = ['automount', 'env'] as const;
/** Fixes that a program may have to be changed for, so that they are asked for by name. */
export type ExtraFix = (typeof EXTRA_FIXES)[number];

/** What a fix is given: one object, and the findings of its policy there that no exception excuses. */
export interface FixCase {
  readonly subject: Subject;
  /** By the path of each. */
  readonly wanted: ReadonlyMap<string, JudgedFinding>;
  /** Everything that was found on the object. */
  readonly findings: readonly JudgedFinding[];
  /** Why the text does not let a change be made; undefined where it does. */
  readonly problem: (change: Change) => string | undefined;
}

/** Changes that belong together, with paths from the root of the object. */
export interface Plan {
  readonly findings: readonly JudgedFinding[];
  readonly changes: readonly Change[];
  /** What has to be done beside it. */
  readonly advice: readonly string[];
}

/** A finding that is not fixed, and why. */
export interface Left {
  readonly finding: JudgedFinding;
  readonly reason: string;
}

/** The one right answer to the findings of a policy. Pure. */
export interface Fix {
  readonly policy: string;
  /** Set where it is made on request alone. */
  readonly extra?: ExtraFix;
  plans(given: FixCase): Iterable<Plan | Left>;
}
