import { byCause, gapText, type Gap } from '../engine/gaps.ts';
import { printable } from '../engine/safe-text.ts';
import type { JudgedFinding, JudgedGap, Verdict } from '../engine/judge.ts';
import type { Mode } from '../engine/policy.ts';

/** More than these in one message are counted, not listed: nobody reads on, and the answer stays small. */
const MOST_IN_MESSAGE = 100;

/** The API server's own limits, in runes. @see staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go */
const LONGEST_WARNING = 256;
const ALL_WARNINGS = 4096;

const CUT = '… (cut)';

type Entry = JudgedFinding | Gap;

/** Findings and gaps together: what denies first, then what warns. */
function entries({ findings, unjudged }: Verdict, shown: readonly Mode[]): Entry[] {
  return shown.flatMap((mode) => [
    ...findings.filter((entry) => entry.mode === mode),
    ...byCause(unjudged.filter((entry) => entry.mode === mode)),
  ]);
}

/** The text of a denial: every finding on a line of its own, those that deny first. */
export function denialMessage(verdict: Verdict, object: string): string {
  const listed = entries(verdict, ['deny', 'warn']);
  const denied = listed.filter(({ mode }) => mode === 'deny').length;
  const lines = listed.slice(0, MOST_IN_MESSAGE).map((entry) => `\n- ${entry.mode} ${line(entry)}`);
  const more = listed.length - lines.length;
  const rest = more > 0 ? `\n- and ${more} more` : '';
  const findings = denied === 1 ? '1 finding denies' : `${denied} findings deny`;
  return `${findings} ${printable(object)}:${lines.join('')}${rest}`;
}

/**
 * Warnings, each on one line. The API server cuts none while all of them are within its total; beyond it
 * each is cut, here rather than there, so that what is cut or left out is said.
 */
export function warnings(verdict: Verdict): string[] {
  const whole = [
    ...new Set(entries(verdict, ['warn']).map((entry) => prefix(entry) + line(entry))),
  ];
  if (whole.reduce((sum, text) => sum + runes(text), 0) <= ALL_WARNINGS) return whole;
  const kept: string[] = [];
  let left = ALL_WARNINGS - LONGEST_WARNING;
  for (const text of new Set(whole.map(cut))) {
    left -= runes(text);
    if (left < 0) break;
    kept.push(text);
  }
  const more = whole.length - kept.length;
  const rest = `hushgate: and ${more} more ${more === 1 ? 'finding' : 'findings'}, cut to fit`;
  return more === 0 ? kept : [...kept, rest];
}

function prefix({ excuse }: Entry): string {
  if (excuse === 'dry-run') return 'would be denied: ';
  return excuse === 'ratchet' ? 'was there before: ' : '';
}

function line(entry: Entry): string {
  if ('reason' in entry) return gapText(entry);
  const at = entry.path === '' ? '' : ` at ${entry.path}`;
  return `${entry.policy}${at}: ${entry.message}. Fix: ${entry.fix}`;
}

function cut(text: string): string {
  if (runes(text) <= LONGEST_WARNING) return text;
  return [...codePoints(text)].slice(0, LONGEST_WARNING - CUT.length).join('') + CUT;
}

function runes(text: string): number {
  return codePoints(text).length;
}

function codePoints(text: string): string[] {
  return Array.from(text);
}

/** `policy path (mode)` of every finding, also those that show nowhere else, within `limit` characters. */
export function auditText(list: readonly (JudgedFinding | JudgedGap)[], limit: number): string {
  const texts = list.map((entry) => {
    const excuse = entry.excuse === undefined ? '' : `, ${entry.excuse}`;
    const who = 'exception' in entry ? ` of ${printable(entry.exception.owner)}` : '';
    return `${entry.policy || 'object'} ${entry.path} (${entry.mode}${excuse}${who})`;
  });
  const text = texts.join('; ');
  return text.length <= limit ? text : `${text.slice(0, limit)}${CUT}`;
}
