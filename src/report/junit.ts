import type { ReportedError, ReportedFinding, ReportedNote, ScanReport } from '../scan/report.ts';
import { objectText, scannedText } from './place.ts';
import { escapeMarkup, visible } from './text.ts';

interface Case {
  readonly outcome: 'failure' | 'error' | 'skipped' | 'pass';
  readonly text: string;
}

/**
 * JUnit XML, with a suite for each file: what denies is a failure, what was not judged an error, what an
 * exception covers is skipped, the rest passes. One more case says what was scanned, as readers of such
 * files take one without any case for broken.
 */
export function junit(report: ScanReport): string {
  const byFile = Map.groupBy(
    [
      ...report.findings.map((finding) => ({ file: finding.file, told: findingCase(finding) })),
      ...report.errors.map((error) => ({ file: error.file, told: errorCase(error) })),
    ],
    ({ file }) => file,
  );
  const suites = [...byFile].map(([name, cases]) => ({
    name,
    cases: cases.map(({ told }) => told),
  }));
  const scanned = testCase('scan', scannedText(report), 'pass', '');
  const all = [{ name: 'hushgate', cases: [scanned] }, ...suites];
  const lines = all.flatMap(({ name, cases }) => [
    `  <testsuite name="${attribute(name)}" ${counts(cases)}>`,
    ...cases.map(({ text }) => `    ${text}`),
    '  </testsuite>',
  ]);
  const { tests, failures, errors: broken } = numbers(all.flatMap(({ cases }) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hushgate" tests="${tests}" failures="${failures}" errors="${broken}">`,
    ...lines,
    '</testsuites>\n',
  ].join('\n');
}

function numbers(cases: readonly Case[]) {
  const count = (wanted: Case['outcome']): number =>
    cases.filter(({ outcome }) => outcome === wanted).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function counts(cases: readonly Case[]): string {
  return Object.entries(numbers(cases))
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
}

function findingCase(finding: ReportedFinding): Case {
  const { policy, mode, excuse, path, message, fix } = finding;
  const title = `${objectText(finding)} ${path} (${placeIn(finding)})`;
  const told = `${mode}: ${message}. Fix: ${fix}`;
  if (excuse === 'exception') return testCase(policy, title, 'skipped', body('skipped', told));
  if (mode === 'deny') return testCase(policy, title, 'failure', body('failure', told, policy));
  return testCase(policy, title, 'pass', `<system-out>${attribute(told)}</system-out>`);
}

function errorCase(error: ReportedError): Case {
  const { reason, message } = error;
  const title = `${reason} ${placeIn(error)}`;
  return testCase('not judged', title, 'error', body('error', message, reason));
}

/** In the file that the suite is named after. */
function placeIn({ line, column, template }: Omit<ReportedNote, 'message'>): string {
  return `${line}:${column}${template === undefined ? '' : `, ${template}`}`;
}

function testCase(classname: string, name: string, outcome: Case['outcome'], inner: string): Case {
  const start = `<testcase classname="${attribute(classname)}" name="${attribute(name)}"`;
  return { outcome, text: inner === '' ? `${start}/>` : `${start}>${inner}</testcase>` };
}

function body(element: string, message: string, type?: string): string {
  const kind = type === undefined ? '' : ` type="${attribute(type)}"`;
  return `<${element}${kind} message="${attribute(message)}"/>`;
}

function attribute(text: string): string {
  return escapeMarkup(visible(text));
}
