import type { ReportedFinding, ScanReport } from '../scan/report.ts';

const RESULTS = { deny: 'fail', warn: 'warn', audit: 'warn', off: 'skip' } as const;

/** A ClusterPolicyReport, as JSON (which is YAML), for tools that show such reports. @see https://github.com/kubernetes-sigs/wg-policy-prototypes */
export function policyReport({ findings, summary }: ScanReport): string {
  const results = findings.map(result);
  const count = (wanted: string): number =>
    results.filter(({ result: one }) => one === wanted).length;
  const report = {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'ClusterPolicyReport',
    metadata: { name: 'hushgate' },
    summary: {
      pass: 0,
      fail: count('fail'),
      warn: count('warn'),
      error: summary.errors,
      skip: count('skip'),
    },
    results,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function result(finding: ReportedFinding) {
  const { policy, severity, mode, apiVersion, kind, namespace, name } = finding;
  return {
    source: 'hushgate',
    policy,
    result: RESULTS[mode],
    severity,
    category: 'Secrets',
    scored: true,
    message: `${finding.path}: ${finding.message}. Fix: ${finding.fix}`,
    resources: [{ apiVersion, kind, name, ...(namespace === '' ? {} : { namespace }) }],
    properties: {
      file: finding.file,
      line: String(finding.line),
      column: String(finding.column),
      mode,
      fingerprint: finding.fingerprint,
    },
  };
}
