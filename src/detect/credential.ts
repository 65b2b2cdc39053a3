import { findAssignment } from './assignment.ts';
import { findAuthorization } from './authorization.ts';
import { decode, DECODED, decodesToText, endOfBase64, STRETCHES } from './base64.ts';
import type { Detection, Encoding, Sighting } from './detection.ts';
import { findDockerConfig } from './docker-config.ts';
import { findKubeconfig } from './kubeconfig.ts';
import { findPrivateKey } from './private-key.ts';
import { scanTokens } from './tokens/scan.ts';
import { findUrlPassword } from './url.ts';

const encodings: readonly Encoding[] = ['plain', 'base64', 'base64-twice'];

/** No credential that we know is shorter: `a://b:c@d`. */
const SHORTEST = 8;

/** What is left of the bounds for one text, shared by all levels of decoding. */
interface Budget {
  characters: number;
  stretches: number;
}

/**
 * The first known credential in a text, from the most telling format to the least: a kubeconfig, a Docker login, a
 * private key, a token, a key in an assignment, a URL with a password, an Authorization header. Also when the text, or a
 * long stretch of it, is base64 of such a text, or base64 of base64.
 *
 * How much is read: as plain text all of it, in time linear in its length. Of base64, 64 KiB in at most 32 stretches
 * (base64.ts). After 512 look-alikes of one family the next counts as found (scan.ts).
 */
export function detectCredential(text: string): Detection | undefined {
  return detectAt(text, 0, { characters: DECODED, stretches: STRETCHES });
}

function detectAt(text: string, level: number, budget: Budget): Detection | undefined {
  const encoding = encodings[level];
  if (encoding === undefined || text.length < SHORTEST) return undefined;
  const { token, stretches } = scanTokens(text, budget.stretches);
  const sighting = findDocument(text) ?? token ?? findInContext(text);
  if (sighting !== undefined) return { ...sighting, encoding };
  if (level + 1 === encodings.length) return undefined;
  return detectWhole(text, level, budget) ?? detectStretches(text, stretches, level, budget);
}

function findDocument(text: string): Sighting | undefined {
  return findKubeconfig(text) ?? findDockerConfig(text) ?? findPrivateKey(text);
}

function findInContext(text: string): Sighting | undefined {
  return findAssignment(text) ?? findUrlPassword(text) ?? findAuthorization(text);
}

function detectWhole(text: string, level: number, budget: Budget): Detection | undefined {
  const decoded = decodesToText(text, budget.characters);
  if (decoded === undefined) return undefined;
  budget.characters -= Math.min(text.length, budget.characters);
  return detectAt(decoded, level + 1, budget);
}

function detectStretches(
  text: string,
  starts: readonly number[],
  level: number,
  budget: Budget,
): Detection | undefined {
  let read = 0;
  for (const start of starts) {
    if (start < read || budget.stretches <= 0 || budget.characters <= 0) continue;
    read = endOfBase64(text, start, budget.characters);
    budget.characters -= read - start;
    budget.stretches--;
    const decoded = decode(text.slice(start, read));
    const detection = decoded === undefined ? undefined : detectAt(decoded, level + 1, budget);
    if (detection !== undefined) return detection;
  }
  return undefined;
}
