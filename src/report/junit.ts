import type { ReportedFinding, ScanReport } from '../scan/report.ts';

/** JUnit XML: a suite for each file; what denies is a failure, what was not judged an error, the rest passes. */
export function junit({ findings, errors }: ScanReport): string {
  const files = [...new Set([...findings, ...errors].map(({ file }) => file))];
  const suites = files.map((file) => {
    const cases = [
      ...findings.filter((finding) => finding.file === file).map(testCase),
      ...errors
        .filter((error) => error.file === file)
        .map(
          ({ reason, line, column, message }) =>
            `<testcase classname="not judged" name="${attribute(`${reason} ${line}:${column}`)}">` +
            `<error type="${attribute(reason)}" message="${attribute(message)}"/></testcase>`,
        ),
    ];
    const failures = findings.filter((one) => one.file === file && one.mode === 'deny').length;
    const broken = errors.filter((error) => error.file === file).length;
    return [
      `  <testsuite name="${attribute(file)}" tests="${cases.length}" failures="${failures}" errors="${broken}">`,
      ...cases.map((text) => `    ${text}`),
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="hushgate">\n${suites.map((suite) => `${suite}\n`).join('')}</testsuites>\n`;
}

function testCase(finding: ReportedFinding): string {
  const { policy, mode, kind, namespace, name, path, line, column, message, fix } = finding;
  const object = namespace === '' ? name : `${namespace}/${name}`;
  const title = `${kind} ${object} ${path} (${line}:${column})`;
  const text = `${mode}: ${message}. Fix: ${fix}`;
  const body =
    mode === 'deny'
      ? `<failure type="${attribute(policy)}" message="${attribute(text)}"/>`
      : `<system-out>${attribute(text)}</system-out>`;
  return `<testcase classname="${attribute(policy)}" name="${attribute(title)}">${body}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no way to write control characters. */
function attribute(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
