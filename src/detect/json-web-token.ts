import type { Sighting } from './detection.ts';
import { decode } from './base64.ts';

const TOKEN = /(e[wy][\w-]{8,2048})\.e[wy][\w-]{2,16384}\.[\w-]{16,1024}/y;

/**
 * A signed JSON Web Token that begins at `at`: three base64url parts, of which the first decodes to a JSON object with
 * `alg`. Reads at most 20 KiB.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function jsonWebTokenAt(text: string, at: number): Sighting | undefined {
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(text);
  const header = match === null ? undefined : decode(match[1] ?? '');
  if (match === null || header?.startsWith('{') !== true) return undefined;
  if (!/"alg"\s{0,8}:\s{0,8}"[A-Za-z0-9]/.test(header)) return undefined;
  return { kind: 'json-web-token', label: 'a JSON Web Token', length: match[0].length };
}
