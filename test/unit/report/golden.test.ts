import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../../src/config/load.ts';
import { FORMATS, render, type Format } from '../../../src/report/format.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

const FOLDER = 'test/unit/report/golden';
/** Few, so that a new policy changes no golden file. */
const POLICIES = new Set([
  'credential-in-env',
  'rbac-broad-subject',
  'rbac-secrets-cluster-wide',
  'rbac-workload-create',
  'secret-env-ref',
  'secret-volume-writable',
]);

const configured = loadConfiguration(
  `apiVersion: hushgate.dev/v1alpha1
kind: HushgateConfiguration
exceptions:
  - {policies: [secret-env-ref], kind: Pod, namespace: shop, name: legacy, paths: ['*'], owner: shop, reason: migrated in spring, expires: 2999-01-01}
`,
  'c.yaml',
);
const settings = {
  ...configured,
  policies: configured.policies.filter(({ policy }) => POLICIES.has(policy.meta.id)),
};
const files = readdirSync(join(FOLDER, 'input'))
  .sort()
  .map((name) => [name, readFileSync(join(FOLDER, 'input', name), 'utf8')] as const);
const report = reportOn(Object.fromEntries(files), settings);
const context = {
  ...CONTEXT,
  policies: CONTEXT.policies.filter(({ id }) => POLICIES.has(id)),
};

const EXTENSIONS: Readonly<Record<Format, string>> = {
  pretty: 'txt',
  json: 'json',
  sarif: 'sarif',
  junit: 'xml',
  github: 'github.txt',
  policyreport: 'policyreport.json',
  html: 'html',
};

/** How a format writes the place of a finding. */
const PLACES: Readonly<Record<Format, (file: string, line: number, column: number) => RegExp>> = {
  pretty: (file, line, column) => new RegExp(`${file}:${line}:${column}\\b`),
  json: (file, line, column) =>
    new RegExp(
      `"file": "${file}",(?:\\s+"template": "[^"]+",)?\\s+"document": \\d+,\\s+"line": ${line},\\s+"column": ${column}\\b`,
    ),
  sarif: (file, line, column) =>
    new RegExp(
      `"uri": "${file}",[^}]+\\},\\s+"region": \\{\\s+"startLine": ${line},\\s+"startColumn": ${column}\\b`,
    ),
  junit: (file, line, column) =>
    new RegExp(`<testsuite name="${file}"(?:(?!<testsuite)[^])*\\(${line}:${column}[,)]`),
  github: (file, line, column) => new RegExp(`file=${file},line=${line},col=${column},`),
  policyreport: (file, line, column) =>
    new RegExp(
      `"file": "${file}",(?:\\s+"template": "[^"]+",)?\\s+"line": "${line}",\\s+"column": "${column}"`,
    ),
  html: (file, line, column) => new RegExp(`>${file}:${line}:${column}[ <]`),
};

describe.each(FORMATS)('as %s', (format) => {
  const text = render(format, report, context);

  it('is as its golden file; HUSHGATE_GOLDEN=1 writes it', () => {
    const file = join(FOLDER, `report.${EXTENSIONS[format]}`);
    if (process.env['HUSHGATE_GOLDEN'] === '1') writeFileSync(file, text);

    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no golden file').toBe(text);
  });

  it('gives file, line and column of each finding', () => {
    expect(report.findings.length).toBeGreaterThan(8);
    for (const { file, line, column } of report.findings) {
      expect(text).toMatch(PLACES[format](file.replace('.', '\\.'), line, column));
    }
  });

  it('names the template of what Helm rendered, judged or not', () => {
    expect(text).toContain('shop/charts/cache/templates/cache.yaml');
    expect(text).toContain('shop/templates/broken.yaml');
  });

  it('shows no value, and does nothing that a name says', () => {
    expect(text).not.toContain('canary-5f0c1e');
    for (const done of ['\u202e', '\u001b']) expect(text).not.toContain(done);
    if (format === 'html' || format === 'junit') expect(text).not.toContain('<script>alert');
  });
});
