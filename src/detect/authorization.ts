import { decode } from './base64.ts';
import type { Sighting } from './detection.ts';
import { isFiller } from './filler.ts';
import { firstSighting } from './scan.ts';
import { isPlaceholder } from './weak.ts';

/** Written out, since V8 counts `{8}` in a loop, four times as slow. */
const EIGHT = String.raw`[\w+/.~=-]`.repeat(8);

const SCHEME = new RegExp(`([BbTt](?:earer|asic|oken)) {1,4}(${EIGHT}[\\w+/.~=-]{0,4096})`, 'g');

/** `token` is a scheme only where the header says so; elsewhere it is a word. */
const HEADER = /uthorization["']?\s{0,3}[:=]\s{0,3}["']?$/;

/**
 * The value of an Authorization header: a bearer token, or basic credentials that decode to a user and a password.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function findAuthorization(text: string): Sighting | undefined {
  if (!text.includes(' ')) return undefined;
  return firstSighting(text, SCHEME, (match) => judge(text, match), {
    kind: 'authorization-header',
    label: 'many Authorization headers',
  });
}

function judge(text: string, match: RegExpExecArray): Sighting | undefined {
  const [, scheme = '', value = ''] = match;
  const before = text.slice(Math.max(0, match.index - 24), match.index);
  if (/^[Tt]/.test(scheme) ? !HEADER.test(before) : /[A-Za-z0-9]$/.test(before)) return undefined;
  const basic = /^basic$/i.test(scheme);
  if (!(basic ? holdsPassword(value) : isOpaque(value))) return undefined;
  const label = `an Authorization header with a ${basic ? 'password' : 'token'}`;
  return { kind: 'authorization-header', label, length: value.length };
}

/** A token as a program makes it, not a word of a sentence: letters and digits, 16 characters or more. */
function isOpaque(token: string): boolean {
  return (
    token.length >= 16 &&
    /[0-9]/.test(token) &&
    /[A-Za-z]/.test(token) &&
    !isFiller(token) &&
    !isPlaceholder(token)
  );
}

/**
 * Whether base64 encodes `user:password` with a password that is no placeholder.
 * @param base64 up to some KiB
 */
export function holdsPassword(base64: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{6,8192}={0,2}$/.test(base64)) return false;
  const login = decode(base64);
  const colon = login?.indexOf(':') ?? -1;
  if (login === undefined || colon < 0) return false;
  const password = login.slice(colon + 1);
  return /^[\u0020-\u007e]+$/.test(login) && password !== '' && !isPlaceholder(password);
}
