import type { ScanReport } from '../scan/report.ts';
import { objectText } from './place.ts';
import { behindLabel, visible } from './text.ts';

const LEVELS = { deny: 'error', warn: 'warning', audit: 'notice', off: 'notice' } as const;

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly title: string;
  readonly message: string;
  readonly template?: string;
}

/** Workflow commands of GitHub Actions. @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function github({ findings, errors, notes }: ScanReport): string {
  const annotations: Annotation[] = [
    ...errors.map((error) => ({
      ...error,
      level: 'error' as const,
      title: 'not judged',
      message: behindLabel(error.message),
    })),
    ...findings.map((finding) => ({
      ...finding,
      level: LEVELS[finding.mode],
      title: finding.policy,
      message: `${objectText(finding)}, ${finding.path}: ${finding.message}\nFix: ${finding.fix}`,
    })),
    ...notes.map((note) => ({ ...note, level: 'notice' as const, title: 'note' })),
  ];
  return annotations.map((each) => `${command(each)}\n`).join('');
}

function command({ level, file, line, column, title, message, template }: Annotation): string {
  const from = template === undefined ? '' : `\nTemplate: ${template}`;
  const place = `file=${visible(property(file.replace(/^\.\//, '')))},line=${line},col=${column}`;
  return `::${level} ${place},title=${property(`hushgate: ${title}`)}::${data(message + from)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
