import type { Sighting } from './detection.ts';

/**
 * After so many look-alikes in one text (placeholders in the shape of a credential) the next one counts. No real
 * manifest has as many; judging each would make a hostile text slow, and giving up would let one hide a credential.
 */
export const FLOOD = 512;

/**
 * The first match of a pattern that is a credential.
 * @param pattern global, linear
 * @param judge says what a match is, undefined for a look-alike
 * @param flood what to report after {@link FLOOD} look-alikes
 */
export function firstSighting(
  text: string,
  pattern: RegExp,
  judge: (match: RegExpExecArray) => Sighting | undefined,
  flood: Omit<Sighting, 'length'>,
): Sighting | undefined {
  pattern.lastIndex = 0;
  for (let tries = 0; tries < FLOOD; tries++) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const sighting = judge(match);
    if (sighting !== undefined) return sighting;
  }
  return pattern.test(text) ? { ...flood, length: 0 } : undefined;
}
