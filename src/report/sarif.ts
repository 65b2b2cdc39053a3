import { pathToFileURL } from 'node:url';
import type {
  ArtifactLocation,
  Log,
  Notification,
  ReportingDescriptor,
  Result,
  Suppression,
  ToolComponent,
} from 'sarif';
import type { PolicyMeta } from '../engine/policy.ts';
import type {
  ReportedException,
  ReportedFinding,
  ReportedNote,
  ScanReport,
} from '../scan/report.ts';
import type { ReportContext } from './format.ts';
import { isLive, objectText } from './place.ts';

const LEVELS = { deny: 'error', warn: 'warning', audit: 'note', off: 'none' } as const;
/** What GitHub's code scanning sorts by. */
const SCORES = { low: '3.0', medium: '5.5', high: '8.0', critical: '9.5' } as const;
const ROOT = '%SRCROOT%';

/** SARIF 2.1.0. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(
  report: ScanReport,
  { policies, version }: Pick<ReportContext, 'policies' | 'version'>,
): string {
  const { findings, errors, notes } = report;
  const index = new Map(policies.map(({ id }, position) => [id, position]));
  const occurrence = counter();
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driver(policies, version) },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          [ROOT]: { description: { text: 'the folder that was scanned from' } },
        },
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: [
              ...errors.map((error) => notification('error', error, report)),
              ...notes.map((note) => notification('note', note, report)),
            ],
          },
        ],
        results: findings.map((finding) =>
          result(finding, report, index.get(finding.policy) ?? -1, occurrence(finding.fingerprint)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function driver(policies: readonly PolicyMeta[], version: string): ToolComponent {
  return {
    name: 'hushgate',
    version,
    semanticVersion: version,
    informationUri: 'https://hushgate.dev',
    rules: policies.map(rule),
  };
}

function rule(meta: PolicyMeta): ReportingDescriptor {
  const { id, title, rationale, remediation, whenNotToUse, references, modes, severity } = meta;
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: {
      text: `${remediation}\n\nWhen not to use it: ${whenNotToUse}`,
      markdown: `${remediation}\n\n**When not to use it:** ${whenNotToUse}`,
    },
    ...(references[0] === undefined ? {} : { helpUri: references[0].url }),
    defaultConfiguration: { level: LEVELS[modes.baseline], enabled: modes.baseline !== 'off' },
    properties: { tags: ['security', meta.practice], 'security-severity': SCORES[severity] },
  };
}

/**
 * What an exception covers is still a finding, of level `note`, that is suppressed. GitHub knows a
 * finding again by `primaryLocationLineHash` alone; others may take any of the two.
 */
function result(
  finding: ReportedFinding,
  report: ScanReport,
  ruleIndex: number,
  occurrence: number,
): Result {
  const { policy, mode, severity, excuse, exception, path, fingerprint } = finding;
  const { kind, namespace, name } = finding;
  return {
    ruleId: policy,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[mode],
    message: { text: `${objectText(finding)}: ${finding.message}. Fix: ${finding.fix}` },
    locations: [
      {
        ...location(finding, report),
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
    partialFingerprints: {
      'hushgate/v1': fingerprint,
      primaryLocationLineHash: `${fingerprint}:${occurrence}`,
    },
    ...(exception === undefined ? {} : { suppressions: [suppression(exception)] }),
    properties: {
      ...{ mode, severity },
      ...(excuse === undefined ? {} : { excuse }),
      ...from(finding),
    },
  };
}

/** Outside of the file that was scanned: in the configuration. */
function suppression({ owner, reason, expires }: ReportedException): Suppression {
  return {
    kind: 'external',
    status: 'accepted',
    justification: `${reason} (${owner} answers for it until ${expires})`,
    properties: { owner, reason, expires },
  };
}

/** Which one it is of those that are the same, from 1. */
function counter(): (key: string) => number {
  const seen = new Map<string, number>();
  return (key) => {
    const next = (seen.get(key) ?? 0) + 1;
    seen.set(key, next);
    return next;
  };
}

function notification(
  level: Notification['level'],
  note: ReportedNote,
  report: ScanReport,
): Notification {
  const { message, template } = note;
  return {
    level,
    message: { text: message },
    locations: [location(note, report)],
    ...(template === undefined ? {} : { properties: from(note) }),
  };
}

function from({ template }: Pick<ReportedNote, 'template'>): { readonly template?: string } {
  return template === undefined ? {} : { template };
}

function location(
  { file, line, column }: Pick<ReportedNote, 'file' | 'line' | 'column'>,
  report: ScanReport,
) {
  return {
    physicalLocation: {
      artifactLocation: artifact(file, report),
      region: { startLine: line, startColumn: column },
    },
  };
}

/** Relative paths stay relative, so that code scanning finds the file in the repository. */
function artifact(file: string, report: ScanReport): ArtifactLocation {
  if (file.startsWith('/')) return { uri: pathToFileURL(file).href };
  const uri = file
    .replace(/^\.\//, '')
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
  // What runs in a cluster is in no repository.
  return isLive(report) ? { uri } : { uri, uriBaseId: ROOT };
}
