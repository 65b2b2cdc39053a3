import { encodesText, TELLING } from '../base64.ts';
import type { Sighting } from '../detection.ts';
import { isFiller } from '../filler.ts';
import { jsonWebTokenAt } from '../json-web-token.ts';
import { findRuns, PIECE, pieceOf, RUN, RUNS, type Piece } from '../runs.ts';
import { FLOOD } from '../scan.ts';
import { cloudRules } from './cloud.ts';
import { forgeRules } from './forge.ts';
import { Prefixes } from './prefixes.ts';
import type { TokenRule } from './rule.ts';
import { vendorRules } from './vendor.ts';

/** What stands at a prefix: a token, a token's look-alike, or nothing that any rule knows. */
type Reading = Sighting | 'look-alike' | undefined;

/** Reads a text from where a token would begin. */
type Reader = (text: string, start: number) => Reading;

const rules: readonly TokenRule[] = [...cloudRules, ...forgeRules, ...vendorRules];
/** The part of a prefix that stands before a run. */
const leadOf = ({ prefix }: TokenRule): string => /^.*[.:]/.exec(prefix)?.[0] ?? '';
const isLead = (rule: TokenRule): boolean => leadOf(rule) !== '';

/** What a run may begin with; `ew` and `ey` are base64 of a JSON object's start. */
const heads = new Prefixes<Reader>(
  [
    ...rules.filter((rule) => !isLead(rule)).map((rule) => [rule.prefix, readerOf(rule)] as const),
    ...['ew', 'ey'].map((prefix) => [prefix, readWebToken] as const),
  ].map(([text, value]) => ({ text, value, isWord: false })),
  1,
);

/** How an escaped line break ends, in JSON or a shell string. */
const ESCAPES = ['n', 'r', 't'];

/**
 * What may stand right before a run, to be read back from it: not in the middle of a longer word (`HTMLSG.`), but behind
 * an escaped line break (`\nSG.`).
 */
const leads = new Prefixes<TokenRule>(
  rules.filter(isLead).flatMap((value) => {
    const text = leadOf(value);
    const escaped = ESCAPES.map((letter) => ({
      text: `\\${letter}${text}`,
      value,
      isWord: false,
    }));
    return /^[A-Za-z0-9]/.test(text)
      ? [{ text, value, isWord: true }, ...escaped]
      : [{ text, value, isWord: false }];
  }),
  -1,
);

function readerOf(rule: TokenRule): Reader {
  return (text, start) => readTail(text, rule, start);
}

function readTail(text: string, { kind, label, prefix, tail }: TokenRule, start: number): Reading {
  // A lead is found without what follows it in the prefix.
  if (!text.startsWith(prefix, start)) return undefined;
  tail.lastIndex = start + prefix.length;
  const found = tail.exec(text)?.[0];
  if (found === undefined || isFiller(found)) return 'look-alike';
  return { kind, label, length: prefix.length + found.length };
}

function readWebToken(text: string, start: number): Reading {
  return jsonWebTokenAt(text, start) ?? 'look-alike';
}

const [COLON, BACKSLASH, CAPITAL_A] = [0x3a, 0x5c, 0x41];
const escapes: ReadonlySet<number> = new Set(Buffer.from(ESCAPES.join('')));

/** Where a run's own text begins: behind the letter of an escaped line break (`\nghp_…`). */
function afterEscape(bytes: Uint8Array, run: number): number {
  const isEscape = run > 0 && bytes[run - 1] === BACKSLASH && escapes.has(bytes[run] ?? 0);
  return isEscape ? run + 1 : run;
}

function isBehindLead(bytes: Uint8Array, run: number): boolean {
  // The only token behind a colon begins with AA.
  if (run > 0 && bytes[run - 1] === COLON && bytes[run] !== CAPITAL_A) return false;
  return leads.stands(bytes, run - 1);
}

/** Keeps the runs at which a prefix stands, in their order. A loop of its own, which the compiler makes fast. */
function keepPrefixed(bytes: Uint8Array, runs: Uint32Array, count: number): number {
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const run = runs[index] ?? 0;
    if (heads.stands(bytes, afterEscape(bytes, run)) || isBehindLead(bytes, run)) {
      runs[kept++] = run;
    }
  }
  return kept;
}

/** The first reading that is a token; else whether any rule saw a look-alike. */
function readRun(text: string, { bytes, base }: Piece, run: number): Reading {
  const start = afterEscape(bytes, run);
  const readings = [
    ...leads
      .at(bytes, run - 1)
      .map((rule) => readTail(text, rule, base + run - leadOf(rule).length)),
    ...heads.at(bytes, start).map((read) => read(text, base + start)),
  ];
  return readings.find((reading) => typeof reading === 'object') ?? readings.find(Boolean);
}

const flood: Sighting = {
  kind: 'vendor-token',
  label: 'a flood of look-alikes of tokens',
  length: 0,
};

/** What a scan found: a token, or else the places where base64 of text begins. */
export interface TokenScan {
  readonly token: Sighting | undefined;
  readonly stretches: readonly number[];
}

/** What a scan has seen so far. */
interface Progress {
  readonly stretches: number[];
  lookAlikes: number;
}

/** Where the runs of a piece begin; the same memory for every piece. */
const starts = new Uint32Array(RUNS + 1);

/** Reads one piece: a token, or the place in the text from which to go on. */
function scanPiece(
  text: string,
  piece: Piece,
  from: number,
  limit: number,
  seen: Progress,
): Sighting | number {
  const { bytes, base } = piece;
  const count = findRuns(text, piece, from, TELLING, starts);
  let room = limit - seen.stretches.length;
  for (let index = 0; index < count && room > 0; index++) {
    const run = starts[index] ?? 0;
    if (!encodesText(bytes, run)) continue;
    seen.stretches.push(base + run);
    room--;
  }
  const next = base + (starts[count] ?? 0);
  for (const run of starts.subarray(0, keepPrefixed(bytes, starts, count))) {
    const reading = readRun(text, piece, run);
    if (typeof reading === 'object') return reading;
    if (reading === 'look-alike' && ++seen.lookAlikes > FLOOD) return flood;
  }
  return next;
}

/**
 * The first token of a known format in a text: a JSON Web Token, a cloud key or a service's token. It begins where a run
 * of letters, digits, `_` and `-` begins. Reads most text in steps, no character more than a fixed number of times.
 * @param limit how many places are noted where base64 of text begins
 */
export function scanTokens(text: string, limit: number): TokenScan {
  const seen: Progress = { stretches: [], lookAlikes: 0 };
  const { stretches } = seen;
  if (text.length < RUN) return { token: undefined, stretches };
  const scratch = Buffer.allocUnsafe(Math.min(text.length, PIECE));
  for (let from = 0; from + RUN <= text.length;) {
    const result = scanPiece(text, pieceOf(text, from, scratch), from, limit, seen);
    if (typeof result === 'object') return { token: result, stretches };
    from = result;
  }
  return { token: undefined, stretches };
}
