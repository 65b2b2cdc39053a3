/** Words that a token's random part never spells, but that of an example does. */
const EXAMPLE =
  /example|placeholder|replace|redacted|changeme|dummy|your[_-]|_here|-here|xxxxx|\*\*\*\*/i;

const SAME = /(.)\1{7}/;

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Whether a text that has the shape of a token is an example: few different characters, a long repetition, a piece of
 * the alphabet, or a word such as `EXAMPLE`.
 * @param token at most a few hundred characters
 */
export function isFiller(token: string): boolean {
  if (new Set(token).size < Math.min(8, token.length / 2)) return true;
  return EXAMPLE.test(token) || SAME.test(token) || spellsAlphabet(token.toLowerCase());
}

/** Whether ten characters in a row follow each other in the alphabet. */
function spellsAlphabet(token: string): boolean {
  let length = 1;
  for (let at = 1; at < token.length; at++) {
    const place = ALPHABET.indexOf(token.charAt(at));
    length = place > 0 && ALPHABET[place - 1] === token[at - 1] ? length + 1 : 1;
    if (length >= 10) return true;
  }
  return false;
}
