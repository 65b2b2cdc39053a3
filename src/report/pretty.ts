import { styleText } from 'node:util';
import { printable } from '../engine/safe-text.ts';
import type { ReportedFinding, ReportSummary, ScanReport } from '../scan/report.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const STYLES = { deny: 'red', warn: 'yellow', audit: 'blue', off: 'gray' } as const;

/** For people: findings by object, then what was not judged, then one line that sums up. */
export function pretty({ findings, errors, notes, summary }: ScanReport, colour: boolean): string {
  const paint: Paint = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const lines: string[] = [];
  let last = '';
  for (const finding of findings) {
    const object = objectOf(finding);
    if (object !== last) lines.push('', paint('bold', object));
    last = object;
    lines.push(...told(finding, paint));
  }
  for (const { file, line, column, message } of errors) {
    lines.push('', `${paint('red', 'not judged')} ${printable(file)}:${line}:${column} ${message}`);
  }
  for (const { file, line, column, message } of notes) {
    lines.push('', `${paint('cyan', 'note')} ${printable(file)}:${line}:${column} ${message}`);
  }
  return `${[...lines, '', paint('bold', sum(summary))].join('\n').trimStart()}\n`;
}

function objectOf({ file, kind, namespace, name, document }: ReportedFinding): string {
  const whole = namespace === '' ? name : `${namespace}/${name}`;
  return `${kind} ${whole} (${printable(file)}, document ${document})`;
}

function told(finding: ReportedFinding, paint: Paint): string[] {
  const { mode, policy, file, line, column, path, message, fix, excuse } = finding;
  const why = excuse === undefined ? '' : ` (${excuse})`;
  return [
    `  ${paint(STYLES[mode], mode.padEnd(5))} ${policy}${why} ${paint('gray', `${printable(file)}:${line}:${column}`)}`,
    `        ${path}: ${message}`,
    `        ${paint('green', 'fix:')} ${fix}`,
  ];
}

function sum(summary: ReportSummary): string {
  const { objects, files, deny, warn, audit, baselined, excepted, errors, templates, ignored } =
    summary;
  const extra = [
    excepted > 0 ? `${excepted} excepted` : '',
    baselined > 0 ? `${baselined} in the baseline` : '',
    templates > 0 ? `${templates} unrendered templates` : '',
    ignored > 0 ? `${ignored} ignored by .gitignore` : '',
  ].filter((part) => part !== '');
  return [
    `${objects} objects in ${files} files: ${deny} deny, ${warn} warn, ${audit} audit; ${errors} not judged`,
    ...extra,
  ].join('; ');
}
