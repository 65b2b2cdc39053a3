import { structuredPatch } from 'diff';
import { styleText } from 'node:util';
import { printable } from '../engine/safe-text.ts';
import { readManifest } from '../yaml/manifest.ts';
import type { FixResult } from './fix-text.ts';
import { maskedLines } from './mask.ts';

/** Longer lines are cut: a JSON file may be all one line. */
const LONGEST_LINE = 400;

/** A unified diff of a file before and after its fixes, which shows no value. Pure. */
export function diffOf(file: string, source: string, result: FixResult, colour: boolean): string {
  const old = readManifest(source);
  const before = maskedLines(source, old, result.changed);
  const after = maskedLines(result.text, readManifest(result.text), result.changed, old);
  const name = printable(file);
  const { hunks } = structuredPatch(name, name, source, result.text, '', '', { context: 3 });
  const lines = [paint('bold', `--- ${name}`), paint('bold', `+++ ${name}`)];
  for (const { oldStart, oldLines, newStart, newLines, lines: parts } of hunks) {
    lines.push(paint('cyan', `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`));
    const at = { old: oldStart - 1, new: newStart - 1 };
    for (const [sign = ' '] of parts) {
      if (sign === '\\') continue;
      const text = sign === '-' ? before[at.old] : after[at.new];
      if (sign !== '+') at.old++;
      if (sign !== '-') at.new++;
      lines.push(paintLine(sign, sign + around(printable(text ?? ''), before, after)));
    }
  }
  return `${lines.join('\n')}\n`;

  function paint(style: Parameters<typeof styleText>[0], text: string): string {
    return colour ? styleText(style, text, { validateStream: false }) : text;
  }

  function paintLine(sign: string, text: string): string {
    return sign === ' ' ? text : paint(sign === '+' ? 'green' : 'red', text);
  }
}

/** A long line around the first place in which the file before and after differ. */
function around(line: string, before: readonly string[], after: readonly string[]): string {
  if (line.length <= LONGEST_LINE) return line;
  const pair = before.findIndex((each, index) => each !== after[index]);
  const [one = '', other = ''] = [before[pair], after[pair]];
  let first = 0;
  while (first < one.length && one[first] === other[first]) first++;
  const start = Math.max(0, first - LONGEST_LINE / 2);
  const part = line.slice(start, start + LONGEST_LINE);
  return `${start > 0 ? '…' : ''}${part}…`;
}
