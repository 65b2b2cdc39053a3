import { pathToFileURL } from 'node:url';
import type { PolicyMeta } from '../engine/policy.ts';
import type { ReportedError, ReportedFinding, ScanReport } from '../scan/report.ts';
import type { ReportContext } from './format.ts';

const LEVELS = { deny: 'error', warn: 'warning', audit: 'note', off: 'none' } as const;
/** What GitHub's code scanning sorts by. */
const SCORES = { low: '3.0', medium: '5.5', high: '8.0', critical: '9.5' } as const;

/** SARIF 2.1.0. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(
  { findings, errors }: ScanReport,
  { policies, version }: Pick<ReportContext, 'policies' | 'version'>,
): string {
  const index = new Map(policies.map(({ id }, position) => [id, position]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'hushgate',
            version,
            informationUri: 'https://hushgate.dev',
            rules: policies.map(rule),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: errors.map(notification),
          },
        ],
        results: findings.map((finding) => result(finding, index.get(finding.policy) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(meta: PolicyMeta) {
  return {
    id: meta.id,
    name: meta.id,
    shortDescription: { text: meta.title },
    fullDescription: { text: meta.rationale },
    help: {
      text: `${meta.remediation}\n\nWhen not to use it: ${meta.whenNotToUse}`,
      markdown: `${meta.remediation}\n\n**When not to use it:** ${meta.whenNotToUse}`,
    },
    ...(meta.references[0] === undefined ? {} : { helpUri: meta.references[0].url }),
    defaultConfiguration: {
      level: LEVELS[meta.modes.baseline],
      enabled: meta.modes.baseline !== 'off',
    },
    properties: { tags: ['security', meta.practice], 'security-severity': SCORES[meta.severity] },
  };
}

function result(finding: ReportedFinding, ruleIndex: number) {
  const { kind, namespace, name, path } = finding;
  return {
    ruleId: finding.policy,
    ruleIndex,
    level: LEVELS[finding.mode],
    message: { text: `${kind} ${name}: ${finding.message}. Fix: ${finding.fix}` },
    locations: [
      {
        ...location(finding),
        logicalLocations: [
          {
            fullyQualifiedName: [kind, namespace, name, path]
              .filter((part) => part !== '')
              .join('/'),
            kind: 'resource',
          },
        ],
      },
    ],
    partialFingerprints: { 'hushgate/v1': finding.fingerprint },
    ...(finding.excuse === 'exception'
      ? { suppressions: [{ kind: 'external', status: 'accepted' }] }
      : {}),
  };
}

function notification(error: ReportedError) {
  return { level: 'error', message: { text: error.message }, locations: [location(error)] };
}

function location({ file, line, column }: Pick<ReportedError, 'file' | 'line' | 'column'>) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(file) },
      region: { startLine: line, startColumn: column },
    },
  };
}

/** Relative paths stay relative, so that code scanning finds the file in the repository. */
function uri(file: string): string {
  if (file.startsWith('/')) return pathToFileURL(file).href;
  return file
    .replace(/^\.\//, '')
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
}
