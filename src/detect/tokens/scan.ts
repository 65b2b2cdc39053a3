import { encodesText, mayEncodeText } from '../base64.ts';
import type { Sighting } from '../detection.ts';
import { isFiller } from '../filler.ts';
import { jsonWebTokenAt } from '../json-web-token.ts';
import { leaveRun, nextRun, PIECE, pieceOf, RUN, type Piece } from '../runs.ts';
import { firstSighting, FLOOD } from '../scan.ts';
import { cloudRules } from './cloud.ts';
import { forgeRules } from './forge.ts';
import type { TokenRule } from './rule.ts';
import { vendorRules } from './vendor.ts';

const rules: readonly TokenRule[] = [...cloudRules, ...forgeRules, ...vendorRules];
const isLead = ({ prefix }: TokenRule): boolean => /[.:]$/.test(prefix);
const leads = rules.filter(isLead);

/** Rules by the first two characters of their prefix. */
const byPair = new Map<number, TokenRule[]>();
for (const rule of rules.filter((each) => !isLead(each))) {
  const key = pairOf(rule.prefix.charCodeAt(0), rule.prefix.charCodeAt(1));
  byPair.set(key, [...(byPair.get(key) ?? []), rule]);
}

function pairOf(first: number, second: number): number {
  return first * 256 + second;
}

const [DOT, COLON, BACKSLASH] = [0x2e, 0x3a, 0x5c];
const tokenPairs = [pairOf(0x65, 0x77), pairOf(0x65, 0x79)];

/** Which runs are worth a look: by their first two characters, or by the one before them. Most are told off by this. */
const telling = new Uint8Array(65536);
for (const pair of [...byPair.keys(), ...tokenPairs]) telling[pair] = 1;

function isTelling(bytes: Uint8Array, run: number): boolean {
  const before = run > 0 ? (bytes[run - 1] ?? 0) : 0;
  if (before === DOT || before === COLON || before === BACKSLASH) return true;
  return telling[pairOf(bytes[run] ?? 0, bytes[run + 1] ?? 0)] === 1;
}

const flood: Sighting = {
  kind: 'vendor-token',
  label: 'a flood of look-alikes of tokens',
  length: 0,
};

/** Without one of these in a text, a long one is base64 or a single word. */
const SEPARATORS = [' ', ':', '.', '-', '_', '"', "'", '{', ';', ','];
const SMALL = 4096;

/** What can stand in such a text, between line breaks, `/`, `+` and `=`. */
const BARE = new RegExp(
  `\\b(?:${rules
    .map(({ prefix }) => prefix)
    .filter((prefix) => /^[A-Za-z0-9]+$/.test(prefix))
    .join('|')})`,
  'g',
);

/** Whether a text is nothing but base64, as far as a fast look tells. */
function isBare(text: string): boolean {
  return text.length > SMALL && !SEPARATORS.some((separator) => text.includes(separator));
}

function scanBare(text: string): Sighting | undefined {
  return firstSighting(
    text,
    BARE,
    (match) => {
      const reading = readRun(text, match.index);
      return typeof reading === 'object' ? reading : undefined;
    },
    flood,
  );
}

/** What a run is: a token, a token's look-alike, or nothing that any rule knows. */
type Reading = Sighting | 'look-alike' | undefined;

function readRule(text: string, rule: TokenRule, start: number): Reading {
  if (!text.startsWith(rule.prefix, start)) return undefined;
  rule.tail.lastIndex = start + rule.prefix.length;
  const tail = rule.tail.exec(text)?.[0];
  if (tail === undefined || isFiller(tail)) return 'look-alike';
  return { kind: rule.kind, label: rule.label, length: rule.prefix.length + tail.length };
}

const WORD = /[A-Za-z0-9]/;

/** A rule whose prefix stands before the run: not in the middle of a longer word (`HTMLSG.`). */
function readLead(text: string, rule: TokenRule, run: number): Reading {
  const start = run - rule.prefix.length;
  if (start < 0) return undefined;
  const inWord = WORD.test(rule.prefix.charAt(0)) && WORD.test(text.charAt(start - 1));
  return inWord ? undefined : readRule(text, rule, start);
}

/** The first reading that is a token; else whether any rule saw a look-alike. */
function firstOf(candidates: readonly TokenRule[], read: (rule: TokenRule) => Reading): Reading {
  let reading: Reading;
  for (const rule of candidates) {
    const found = read(rule);
    if (typeof found === 'object') return found;
    reading ??= found;
  }
  return reading;
}

/** Where a run's own text begins: behind the letter of an escaped line break (`\nghp_…` in JSON or a shell string). */
function afterEscape(text: string, start: number): number {
  return text.charCodeAt(start - 1) === BACKSLASH && /[nrt]/.test(text.charAt(start))
    ? start + 1
    : start;
}

function readRun(text: string, run: number): Reading {
  const before = text.charCodeAt(run - 1);
  if (before === DOT || before === COLON) {
    const reading = firstOf(leads, (rule) => readLead(text, rule, run));
    if (reading !== undefined) return reading;
  }
  const start = afterEscape(text, run);
  const pair = pairOf(text.charCodeAt(start), text.charCodeAt(start + 1));
  if (tokenPairs.includes(pair)) return jsonWebTokenAt(text, start) ?? 'look-alike';
  const candidates = byPair.get(pair);
  return candidates && firstOf(candidates, (rule) => readRule(text, rule, start));
}

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

/** Reads one piece: a token, or the place in the text from which to go on. */
function scanPiece(
  text: string,
  piece: Piece,
  from: number,
  limit: number,
  seen: Progress,
): Sighting | number {
  const { bytes, base } = piece;
  let run = nextRun(bytes, from - base);
  while (run >= 0) {
    if (
      seen.stretches.length < limit &&
      mayEncodeText(bytes, run) &&
      encodesText(text, base + run)
    ) {
      seen.stretches.push(base + run);
    }
    const reading = isTelling(bytes, run) ? readRun(text, base + run) : undefined;
    if (typeof reading === 'object') return reading;
    if (reading === 'look-alike' && ++seen.lookAlikes > FLOOD) return flood;
    run = nextRun(bytes, leaveRun(text, piece, run));
  }
  return base + ~run;
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
  if (isBare(text)) return { token: scanBare(text), stretches };
  const scratch = Buffer.allocUnsafe(Math.min(text.length, PIECE));
  for (let from = 0; from + RUN <= text.length;) {
    const result = scanPiece(text, pieceOf(text, from, scratch), from, limit, seen);
    if (typeof result === 'object') return { token: result, stretches };
    from = result;
  }
  return { token: undefined, stretches };
}
