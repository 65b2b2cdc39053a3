/**
 * How many base64 characters of one text are decoded, at all levels and places together. What lies beyond is read as
 * plain text only.
 */
export const DECODED = 64 * 1024;

/** How many encoded stretches within one text are decoded. */
export const STRETCHES = 32;

const OTHER = /[^A-Za-z0-9+/_\r\n-]/g;
const HAS_OTHER = new RegExp(OTHER, '');

// Base64 (either alphabet) of ASCII text, at one place: the first three characters of each four hold the high bits of
// the three bytes, which are 0 in ASCII. Random data passes once in 8^8.
const ASCII_TEXT =
  /(?:[A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){8}/y;

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/;

const ASCII = /[\t-~]+/g;

/** How many decoded characters decide between text and binary data. */
const SNIFF = 96;

/**
 * A quick look before {@link encodesText}: every fourth character stands for six high bits, of which ASCII leaves the
 * first 0. Base64 behind a slash is more likely a path.
 * @param bytes of the text; four groups of four lie within the run
 */
export function mayEncodeText(bytes: Uint8Array, at: number): boolean {
  const high =
    isHigh(bytes, at) && isHigh(bytes, at + 4) && isHigh(bytes, at + 8) && isHigh(bytes, at + 12);
  return high && (at === 0 || bytes[at - 1] !== 0x2f);
}

/** `A` to `Z` and `a` to `f`. */
function isHigh(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at] ?? 0;
  return code >= 0x41 && code <= 0x66 && (code <= 0x5a || code >= 0x61);
}

/** Whether base64 of ASCII text seems to begin at `at` (32 characters are read). */
export function encodesText(text: string, at: number): boolean {
  ASCII_TEXT.lastIndex = at;
  return ASCII_TEXT.test(text);
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
