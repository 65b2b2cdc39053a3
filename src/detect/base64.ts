import { RUN } from './runs.ts';

/**
 * How many base64 characters of one text are decoded, at all levels and places together. What lies beyond is read as
 * plain text only.
 */
export const DECODED = 64 * 1024;

/** How many encoded stretches within one text are decoded. */
export const STRETCHES = 32;

const OTHER = /[^A-Za-z0-9+/_\r\n-]/g;
const HAS_OTHER = new RegExp(OTHER, '');

/**
 * Base64 (either alphabet) of ASCII text, by the place in each four: the first three hold the high bits of three bytes,
 * which are 0 in ASCII. Random data passes once in 8^8.
 */
const ASCII_TEXT = [
  /[A-Za-f]/,
  /[A-HQ-Xg-nw-z0-3]/,
  /[ABEFIJMNQRUVYZcdghklopstwx014589]/,
  /[A-Za-z0-9+/_-]/,
];

/** The same as a table: 256 bytes for each place. */
const allowed = Uint8Array.from({ length: 4 * 256 }, (_, at) =>
  Number(ASCII_TEXT[at >> 8]?.test(String.fromCharCode(at & 255))),
);

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/;

const ASCII = /[\t-~]+/g;

/** How many decoded characters decide between text and binary data. */
const SNIFF = 96;

/** So many characters tell whether base64 begins. */
export const TELLING = 32;

const SLASH = 0x2f;

/**
 * Whether base64 of ASCII text seems to begin at `at`. Behind a slash it is more likely a path.
 * @param bytes of the text, {@link TELLING} of them from `at` on where it goes on for so long
 */
export function encodesText(bytes: Uint8Array, at: number): boolean {
  // What lies behind the shortest run first, since most are not longer.
  return tells(bytes, at, RUN) && at + TELLING <= bytes.length && allTell(bytes, at);
}

function tells(bytes: Uint8Array, at: number, place: number): boolean {
  return allowed[((place & 3) << 8) | (bytes[at + place] ?? 0)] === 1;
}

/** A function of its own, since one with a loop in it is slower to call. */
function allTell(bytes: Uint8Array, at: number): boolean {
  for (let place = 0; place < TELLING; place++) if (!tells(bytes, at, place)) return false;
  return at === 0 || bytes[at - 1] !== SLASH;
}

/** Where the base64 that begins at `from` ends, line breaks included; at most `limit` characters on. */
export function endOfBase64(text: string, from: number, limit: number): number {
  OTHER.lastIndex = 0;
  const piece = text.slice(from, from + limit);
  return from + (OTHER.exec(piece)?.index ?? piece.length);
}

/**
 * The text that a base64 value encodes, or undefined when it is no base64, or base64 of binary data. Bytes beyond ASCII
 * come as single characters: enough to find a credential, which has none.
 * @param value white space at its ends and line breaks are ignored, padding may be missing
 * @param limit characters of `value` that are read
 */
export function decodesToText(value: string, limit: number = DECODED): string | undefined {
  const whole = value.slice(0, limit + 2).trim();
  const text = whole.slice(0, limit);
  const head = text.slice(0, SNIFF * 2);
  // Most texts tell at their start that they are no base64, which ends in two `=` at the most.
  if (HAS_OTHER.test(head.slice(0, -2)) || isBinary(bytes(head))) return undefined;
  const end = endOfBase64(text, 0, text.length);
  if (end < text.length && !/^={1,2}$/.test(text.slice(end))) return undefined;
  if (end < 8 || !isPadded(text, end, whole.length > limit)) return undefined;
  return bytes(text.slice(0, end));
}

/** Decodes base64 that is known to be base64; undefined when the bytes are no text. */
export function decode(base64: string): string | undefined {
  if (isBinary(bytes(base64.slice(0, SNIFF * 2)))) return undefined;
  return bytes(base64);
}

function bytes(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}

/** Control characters, or less than half of it ASCII: no text that a credential stands in. */
function isBinary(decoded: string): boolean {
  const head = decoded.slice(0, SNIFF);
  return head.length === 0 || BINARY.test(head) || head.replace(ASCII, '').length * 2 > head.length;
}

function isPadded(text: string, end: number, cut: boolean): boolean {
  const spaces = text.slice(0, end).replace(/\S+/g, '').length;
  const rest = (end - spaces) % 4;
  return cut || text.length === end ? rest !== 1 : (rest + text.length - end) % 4 === 0;
}

/**
 * How often a value is base64-encoded on its way to a text: 0, 1 or 2 (more is told as 2). Reads at most 4 KiB.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/ : `data` takes base64 once, `stringData` none
 */
export function decodesToBase64(value: string): 0 | 1 | 2 {
  const once = decodesToText(value, 4096);
  if (once === undefined || !isReadable(once)) return 0;
  const twice = decodesToText(once, 4096);
  return twice === undefined || !isReadable(twice) ? 1 : 2;
}

/** Text as people and programs write it: nearly all of it printable ASCII. A short word that happens to be base64 is not. */
function isReadable(text: string): boolean {
  const head = text.slice(0, SNIFF);
  return head.length >= 4 && head.replace(/[\t\n\r\u0020-\u007e]+/g, '').length * 8 <= head.length;
}
