import { encodesText, TELLING } from '../base64.ts';
import type { Sighting } from '../detection.ts';
import { isFiller } from '../filler.ts';
import { jsonWebTokenAt } from '../json-web-token.ts';
import { endOfRun, nextRun, PIECE, pieceOf, RUN, type Piece } from '../runs.ts';
import { FLOOD } from '../scan.ts';
import { cloudRules } from './cloud.ts';
import { forgeRules } from './forge.ts';
import { prefixTable } from './prefixes.ts';
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
const beginnings: readonly (readonly [string, Reader])[] = [
  ...rules.filter((rule) => !isLead(rule)).map((rule) => [rule.prefix, readerOf(rule)] as const),
  ...['ew', 'ey'].map((prefix) => [prefix, readWebToken] as const),
];
const heads = prefixTable(beginnings, 1);

/** What may stand right before a run, to be read back from it. */
const leads = prefixTable<TokenRule>(
  rules.filter(isLead).map((rule) => [leadOf(rule), rule]),
  -1,
);

function readerOf(rule: TokenRule): Reader {
  return (text, start) => readTail(text, rule, start);
}

function readTail(text: string, { kind, label, prefix, tail }: TokenRule, start: number): Reading {
  // What stands there was found by the low bytes of its characters.
  if (!text.startsWith(prefix, start)) return undefined;
  tail.lastIndex = start + prefix.length;
  const found = tail.exec(text)?.[0];
  if (found === undefined || isFiller(found)) return 'look-alike';
  return { kind, label, length: prefix.length + found.length };
}

function readWebToken(text: string, start: number): Reading {
  return jsonWebTokenAt(text, start) ?? 'look-alike';
}

const WORD = /[A-Za-z0-9]/;

/** A rule whose prefix stands before the run: not in the middle of a longer word (`HTMLSG.`). */
function readLead(text: string, rule: TokenRule, run: number): Reading {
  const start = run - leadOf(rule).length;
  const inWord = WORD.test(rule.prefix.charAt(0)) && WORD.test(text.charAt(start - 1));
  return inWord ? undefined : readTail(text, rule, start);
}

/** The first reading that is a token; else whether any rule saw a look-alike. */
function firstOf<Rule>(candidates: readonly Rule[], read: (rule: Rule) => Reading): Reading {
  let reading: Reading;
  for (const rule of candidates) {
    const found = read(rule);
    if (typeof found === 'object') return found;
    reading ??= found;
  }
  return reading;
}

const [COLON, BACKSLASH] = [0x3a, 0x5c];

/** Which runs are worth a look: by their first two characters, or by the two before them. Most are told off by this. */
const first = pairs(beginnings.map(([prefix]) => prefix.slice(0, 2)));
const before = pairs(rules.filter(isLead).map((rule) => leadOf(rule).slice(-2)));

/** A table of pairs of characters. */
function pairs(texts: readonly string[]): Uint8Array {
  const table = new Uint8Array(65536);
  for (const text of texts) table[pair(text.charCodeAt(0), text.charCodeAt(1))] = 1;
  return table;
}

function pair(one = 0, other = 0): number {
  return (one << 8) | other;
}

/** What the only token behind a colon begins with. */
const BEHIND_COLON = pair(0x41, 0x41);

function isBehindLead(bytes: Uint8Array, run: number): boolean {
  if (run < 2) return false;
  if (bytes[run - 1] === COLON) return pair(bytes[run], bytes[run + 1]) === BEHIND_COLON;
  return before[pair(bytes[run - 2], bytes[run - 1])] === 1;
}

const ESCAPES: ReadonlySet<number> = new Set(Buffer.from('nrt'));

/** Where a run's own text begins: behind the letter of an escaped line break (`\nghp_…` in JSON or a shell string). */
function afterEscape(bytes: Uint8Array, run: number): number {
  const isEscape = run > 0 && bytes[run - 1] === BACKSLASH && ESCAPES.has(bytes[run] ?? 0);
  return isEscape ? run + 1 : run;
}

function readRun(text: string, { bytes, base }: Piece, run: number): Reading {
  if (isBehindLead(bytes, run)) {
    const found = leads.at(bytes, run - 1);
    const reading = found.length > 0 && firstOf(found, (rule) => readLead(text, rule, base + run));
    if (reading) return reading;
  }
  const start = afterEscape(bytes, run);
  if (first[pair(bytes[start], bytes[start + 1])] !== 1) return undefined;
  const candidates = heads.at(bytes, start);
  // Most often there are none, and nothing is to be made for them.
  if (candidates.length === 0) return undefined;
  return firstOf(candidates, (read) => read(text, base + start));
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
    if (run + TELLING > bytes.length && base + bytes.length < text.length) return base + run;
    if (seen.stretches.length < limit && encodesText(bytes, run)) {
      seen.stretches.push(base + run);
    }
    const reading = readRun(text, piece, run);
    if (typeof reading === 'object') return reading;
    if (reading === 'look-alike' && ++seen.lookAlikes > FLOOD) return flood;
    run = nextRun(bytes, endOfRun(text, piece, run) + 1);
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
  const scratch = Buffer.allocUnsafe(Math.min(text.length, PIECE));
  for (let from = 0; from + RUN <= text.length;) {
    const result = scanPiece(text, pieceOf(text, from, scratch), from, limit, seen);
    if (typeof result === 'object') return { token: result, stretches };
    from = result;
  }
  return { token: undefined, stretches };
}
