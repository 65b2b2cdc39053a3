import { styleText } from 'node:util';
import { printable } from '../engine/safe-text.ts';
import type { ReportedError, ReportedFinding, ScanReport } from '../scan/report.ts';
import type { ReportContext } from './format.ts';
import { isLive, objectText, placeText, scannedText } from './place.ts';
import { behindLabel, counted, wrapped } from './text.ts';

type Style = Parameters<typeof styleText>[0];

interface Pen {
  readonly paint: (style: Style, text: string) => string;
  /** A text below others, in as many lines as it takes; the first may begin with a painted word. */
  readonly below: (indent: number, text: string, start?: string) => string[];
}

const STYLES = { deny: 'red', warn: 'yellow', audit: 'blue', off: 'gray' } as const;
/** Longer lines are hard to read, however wide the terminal. */
const WIDEST = 110;
/** In less there is no wrapping. */
const NARROWEST = 40;

/** For people: findings by object, then what was not judged, then one line that sums up. */
export function pretty(
  report: ScanReport,
  context: Pick<ReportContext, 'colour' | 'width'>,
): string {
  const { findings, errors, notes } = report;
  const pen = penFor(context);
  const lines: string[] = [];
  let last = '';
  for (const finding of findings) {
    const object = objectOf(finding, report);
    if (object !== last) lines.push('', pen.paint('bold', object));
    last = object;
    lines.push(...told(finding, report, pen));
  }
  for (const error of errors) {
    const message = behindLabel(error.message);
    lines.push('', ...placed({ ...error, message }, report, pen.paint('red', 'not judged'), pen));
  }
  for (const note of notes) lines.push('', ...placed(note, report, pen.paint('cyan', 'note'), pen));
  return `${[...lines, '', ...sum(report, pen)].join('\n').trimStart()}\n`;
}

function penFor({ colour, width }: Pick<ReportContext, 'colour' | 'width'>): Pen {
  const paint: Pen['paint'] = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const room = Math.min(width ?? Infinity, WIDEST);
  return {
    paint,
    below: (indent, text, start) => {
      const whole = start === undefined ? text : `${start} ${text}`;
      const isWide = width === undefined || width < NARROWEST;
      const lines = isWide ? [whole] : wrapped(whole, room - indent);
      return lines.map((line) => ' '.repeat(indent) + line);
    },
  };
}

function objectOf(finding: ReportedFinding, report: ScanReport): string {
  const { file, document } = finding;
  const where = isLive(report) ? '' : `, document ${document}`;
  return `${objectText(finding)} (${printable(file)}${where})`;
}

function told(finding: ReportedFinding, report: ScanReport, pen: Pen): string[] {
  const { mode, policy, severity, path, message, fix, excuse } = finding;
  const { paint, below } = pen;
  const why = excuse === undefined ? '' : ` (${excuse})`;
  const where = printable(placeText(finding, report));
  const place = isLive(report) ? '' : `  ${paint('gray', where)}`;
  return [
    `  ${paint(STYLES[mode], mode.padEnd(5))} ${paint('bold', policy)}${why}  ${severity}${place}`,
    `        ${paint('gray', path)}`,
    ...below(8, message),
    ...below(8, fix, 'fix:').map((text) =>
      text.replace(/^( *)fix:/, `$1${paint('green', 'fix:')}`),
    ),
  ];
}

function placed(
  { message, ...place }: Omit<ReportedError, 'reason'>,
  report: ScanReport,
  label: string,
  { below }: Pen,
): string[] {
  return [`${label} ${printable(placeText(place, report))}`, ...below(2, message)];
}

function sum(report: ScanReport, { paint, below }: Pen): string[] {
  const { deny, warn, audit, baselined, excepted, errors, templates, ignored } = report.summary;
  const { folded = 0 } = report.summary;
  const parts = [
    `${scannedText(report)}: ${deny} deny, ${warn} warn, ${audit} audit`,
    errors === 0 ? 'all judged' : `${errors} not judged`,
    excepted > 0 ? `${excepted} excepted` : '',
    baselined > 0 ? `${baselined} in the baseline` : '',
    folded > 0 ? `${folded} told at owners` : '',
    templates > 0 ? counted(templates, 'unrendered template') : '',
    ignored > 0 ? `${ignored} ignored by .gitignore` : '',
  ].filter((part) => part !== '');
  return below(0, parts.join('; ')).map((line) => paint('bold', line));
}
