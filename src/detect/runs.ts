/**
 * A run is a stretch of letters, digits, `_`, `-` and `+` between other characters: what a token is made of. (No token
 * holds a `+`, but none begins behind one either, and base64 has fewer runs so.) Every token of the formats we know holds
 * a run of at least {@link RUN} characters, so a scanner need only look at those.
 */
export const RUN = 20;

const member = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+') {
  member[char.charCodeAt(0)] = 1;
}

/** Outside a run, as a native search finds it: twice as fast over a long run as this file's own loop, slower to start. */
const OTHER = /[^A-Za-z0-9_+-]/g;
const LONG = 256;

/** How much of a text is copied at a time: a copy of all would cost more in garbage collection than in reading. */
export const PIECE = 32 * 1024;

/** The longest lead of a token, as `hvs.` is one. */
const BEFORE = 16;

/** Costs nothing in a text that has none: V8 keeps it one byte a character, and knows that this cannot match. */
const BEYOND = /[\u0100-\uffff]/;
const [LATIN_1, SPACE] = [0xff, 0x20];
const wide = Buffer.alloc(2 * PIECE);
const codes = new DataView(wide.buffer, wide.byteOffset);

/** A piece of a text, one byte for each character: three times as fast to walk as the string. */
export interface Piece {
  /** A space for a character beyond Latin-1, whose low byte would be another character. */
  readonly bytes: Uint8Array;
  /** Where the piece begins in the text. */
  readonly base: number;
}

/**
 * The piece of `text` that begins a little before `from`: what stands before a run may tell of a token.
 * @param scratch room for {@link PIECE} bytes or for the text, used again for each piece
 */
export function pieceOf(text: string, from: number, scratch: Buffer): Piece {
  const base = Math.max(0, from - BEFORE);
  const length = copy(text.slice(base, base + PIECE), scratch);
  return { bytes: scratch.subarray(0, length), base };
}

function copy(piece: string, bytes: Buffer): number {
  if (!BEYOND.test(piece)) return bytes.write(piece, 'latin1');
  wide.write(piece, 'utf16le');
  for (let at = 0; at < piece.length; at++) {
    const code = codes.getUint16(2 * at, true);
    bytes[at] = code > LATIN_1 ? SPACE : code;
  }
  return piece.length;
}

/**
 * The start of the next run of {@link RUN} characters or more. When there is none, the complement (`~`) of the place from
 * which the next piece has to be read.
 *
 * A window of that length is read from its end: the first other character found there rules out every run that begins
 * before it, so most text is skipped unread, and no character is read twice.
 * @param from a place whose predecessor belongs to no run
 */
function nextRun(bytes: Uint8Array, from: number): number {
  let start = from;
  let read = from;
  while (start + RUN <= bytes.length) {
    let at = start + RUN - 1;
    while (at - 3 >= read && fourMembers(bytes, at)) at -= 4;
    while (at >= read && member[bytes[at] ?? 0] === 1) at--;
    if (at < read) return start;
    read = start + RUN;
    start = at + 1;
  }
  return ~start;
}

/** Whether the four characters that end at `at` belong to a run: one branch in place of four. */
function fourMembers(bytes: Uint8Array, at: number): boolean {
  const later = isMember(bytes, at) & isMember(bytes, at - 1);
  return (later & isMember(bytes, at - 2) & isMember(bytes, at - 3)) === 1;
}

/** 1 or 0. */
function isMember(bytes: Uint8Array, at: number): number {
  return member[bytes[at] ?? 0] ?? 0;
}

/** The end of a run that begins at `run`; it may lie beyond the piece. */
function endOfRun(text: string, { bytes, base }: Piece, run: number): number {
  const near = Math.min(run + LONG, bytes.length);
  for (let at = run + RUN; at < near; at++) if (member[bytes[at] ?? 0] !== 1) return at;
  OTHER.lastIndex = base + near;
  return (OTHER.exec(text)?.index ?? text.length) - base;
}

/** How many runs a piece holds at the most. */
export const RUNS = Math.ceil(PIECE / RUN);

/**
 * Finds the runs of a piece, up to one of which fewer than `ahead` characters are here though the text goes on.
 * @param from a place of the text whose predecessor belongs to no run
 * @param starts where they begin in the piece is written here, and behind them from where the next piece has to be read
 * @returns how many there are, at most {@link RUNS}
 */
export function findRuns(
  text: string,
  piece: Piece,
  from: number,
  ahead: number,
  starts: Uint32Array,
): number {
  const { bytes, base } = piece;
  const isLast = base + bytes.length >= text.length;
  const end = isLast ? bytes.length : bytes.length - ahead;
  let count = 0;
  let run = nextRun(bytes, from - base);
  while (run >= 0 && run <= end) {
    starts[count++] = run;
    run = nextRun(bytes, endOfRun(text, piece, run) + 1);
  }
  starts[count] = run >= 0 ? run : ~run;
  return count;
}
