import type { DetectionKind } from '../detection.ts';

/** One token format: a literal prefix, and the shape of what follows it. */
export interface TokenRule {
  readonly kind: DetectionKind;
  readonly label: string;
  /**
   * Where the token begins. A prefix of run characters stands at the start of a run; one with a `.` or `:` stands
   * before it up to there (see runs.ts). Short, since a text may be full of its beginning; what is not the token then
   * must be rare all the same, since a flood of look-alikes is told.
   */
  readonly prefix: string;
  /** Sticky, tried at the prefix's end. Every repetition has an upper bound: one try costs at most a constant. */
  readonly tail: RegExp;
}

/** The end of a token of fixed length: none of its characters follows. */
export const END = '(?![A-Za-z0-9_-])';

/**
 * The rules of one format that comes under several prefixes.
 * @param tail source of the expression for what follows the prefix
 */
export function tokenRules(
  kind: DetectionKind,
  label: string,
  prefixes: readonly string[],
  tail: string,
): readonly TokenRule[] {
  return prefixes.map((prefix) => ({ kind, label, prefix, tail: new RegExp(tail, 'y') }));
}
