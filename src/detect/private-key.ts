import type { Sighting } from './detection.ts';
import { firstSighting } from './scan.ts';

const HEADER = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;

/** How far behind the header the key's own bytes must begin: PEM and PGP header lines stand between. */
const HEAD = 1024;

/** The shortest key, an Ed25519 one in PKCS #8, has 64 base64 characters. */
const BODY = /^[A-Za-z0-9+/]{24,}={0,2}$/;

/**
 * A private key block with a body: PKCS #1, PKCS #8, SEC 1, OpenSSH and PGP, encrypted too, also with line breaks
 * written as `\n`. In a JSON document of a Google service account it is that account's key.
 * @see https://www.rfc-editor.org/rfc/rfc7468
 * @see https://cloud.google.com/iam/docs/keys-create-delete
 */
export function findPrivateKey(text: string): Sighting | undefined {
  // The rarest character first: base64 has no dash, and a text of dashes no key.
  const words = ['-', 'PRIVATE KEY', '-----BEGIN '];
  if (!words.every((word) => text.includes(word))) return undefined;
  return firstSighting(text, HEADER, (match) => judge(text, match), {
    kind: 'private-key',
    label: 'many private key blocks',
  });
}

function judge(text: string, match: RegExpExecArray): Sighting | undefined {
  const start = match.index + match[0].length;
  const head = text.slice(start, start + HEAD);
  const end = head.indexOf('-----');
  const body = end < 0 ? head : head.slice(0, end);
  if (!body.split(/\s|\\+[nrt]|["',|]/).some(isKeyMaterial)) return undefined;
  const close = text.indexOf('-----END', start);
  const length = (close < 0 ? text.length : close) - match.index;
  if (text.includes('service_account') && text.includes('private_key')) {
    return { kind: 'google-service-account-key', label: 'a Google service account key', length };
  }
  return { kind: 'private-key', label: 'a private key', length };
}

/** Base64 of random bytes, not a file's path: capitals, small letters and digits together. */
function isKeyMaterial(line: string): boolean {
  return BODY.test(line) && /[A-Z]/.test(line) && /[a-z]/.test(line) && /[0-9]/.test(line);
}
