import type { ReportedError, ReportedFinding, ScanReport } from '../scan/report.ts';

const RESULTS = { deny: 'fail', warn: 'warn', audit: 'warn', off: 'skip' } as const;

type Result = ReturnType<typeof findingResult> | ReturnType<typeof errorResult>;

/**
 * A List as JSON (which is YAML): a PolicyReport for each namespace, and one ClusterPolicyReport for what
 * is in none, files that were not judged too. `kubectl apply --server-side -f -` takes it.
 * @see https://github.com/kubernetes-sigs/wg-policy-prototypes
 */
export function policyReport({ findings, errors }: ScanReport): string {
  const byNamespace = Map.groupBy(findings, ({ namespace }) => namespace);
  const clusterWide = [
    ...(byNamespace.get('') ?? []).map(findingResult),
    ...errors.map(errorResult),
  ];
  const namespaced = [...byNamespace]
    .filter(([namespace]) => namespace !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, own]) => report('PolicyReport', { namespace }, own.map(findingResult)));
  const items = [report('ClusterPolicyReport', {}, clusterWide), ...namespaced];
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`;
}

function report(kind: string, metadata: object, results: readonly Result[]) {
  const count = (wanted: Result['result']): number =>
    results.filter(({ result }) => result === wanted).length;
  return {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind,
    metadata: {
      name: 'hushgate',
      ...metadata,
      labels: { 'app.kubernetes.io/managed-by': 'hushgate' },
    },
    summary: {
      pass: 0,
      fail: count('fail'),
      warn: count('warn'),
      error: count('error'),
      skip: count('skip'),
    },
    results,
  };
}

/** Only what denies is scored: a `warn` of this API is a finding that does not count. */
function findingResult(finding: ReportedFinding) {
  const { policy, severity, mode, excuse, apiVersion, kind, namespace, name } = finding;
  return {
    source: 'hushgate',
    policy,
    result: excuse === 'exception' ? ('skip' as const) : RESULTS[mode],
    severity,
    category: 'Secrets',
    scored: mode === 'deny',
    message: `${finding.path}: ${finding.message}. Fix: ${finding.fix}`,
    resources: [{ apiVersion, kind, name, ...(namespace === '' ? {} : { namespace }) }],
    properties: {
      file: finding.file,
      ...from(finding),
      line: String(finding.line),
      column: String(finding.column),
      path: finding.path,
      mode,
      ...(excuse === undefined ? {} : { excuse }),
      fingerprint: finding.fingerprint,
    },
  };
}

function errorResult(error: ReportedError) {
  const { reason, file, line, column, message } = error;
  return {
    source: 'hushgate',
    policy: 'not-judged',
    rule: reason,
    result: 'error' as const,
    category: 'Secrets',
    scored: false,
    message,
    properties: { file, ...from(error), line: String(line), column: String(column) },
  };
}

function from({ template }: Pick<ReportedError, 'template'>): { readonly template?: string } {
  return template === undefined ? {} : { template };
}
