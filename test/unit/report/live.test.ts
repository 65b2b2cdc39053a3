import { describe, expect, it } from '@jest/globals';
import { FORMATS, render } from '../../../src/report/format.ts';
import { REPORT_VERSION, type ScanReport } from '../../../src/scan/report.ts';
import { startClusterScan } from '../../../src/scan/cluster.ts';
import { defaultSettings } from '../../../src/config/load.ts';
import { modesOf } from '../../../src/scan/summary.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

const PODS = {
  ...{ group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true },
  isWorkload: true,
};
const JOBS = { group: 'batch', resource: 'jobs' };
const FILE = 'cluster:admin@prod/namespaces/shop/pods/web';

function liveReport(): ScanReport {
  const scan = startClusterScan({ settings: defaultSettings(), now: 0, context: 'admin@prod' });
  const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }];
  const spec = { automountServiceAccountToken: false, containers: [{ name: 'app', env }] };
  const metadata = { name: 'web', namespace: 'shop', uid: 'u' };
  scan.add(PODS, [{ apiVersion: 'v1', kind: 'Pod', metadata, spec }]);
  scan.fail(JOBS, 'not allowed to list jobs.batch (403)', false);
  const { objects, folded, ...told } = scan.finish();
  const { length: errors } = told.errors;
  const none = { files: 0, documents: 0, excepted: 0, baselined: 0, templates: 0, ignored: 0 };
  const summary = { ...none, objects, folded, errors, ...modesOf(told.findings) };
  return { version: REPORT_VERSION, cluster: 'admin@prod', summary, ...told };
}

const shown = (format: (typeof FORMATS)[number]): string => render(format, liveReport(), CONTEXT);

describe('a report on what runs', () => {
  it('names the object in place of a file, and no lines, for people', () => {
    const text = shown('pretty');
    expect(text).toContain(`Pod shop/web (${FILE})\n`);
    expect(text).toContain('not judged cluster:admin@prod/jobs.batch\n');
    expect(text).toContain('1 object in cluster admin@prod: ');
    expect(text).not.toContain(':1:1');
    expect(shown('html')).toContain('1 object in cluster admin@prod');
    expect(shown('html')).not.toContain(':1:1');
  });

  it('has a suite for each object in JUnit', () => {
    expect(shown('junit')).toContain(`<testsuite name="${FILE}"`);
    expect(shown('junit')).toContain('1 object in cluster admin@prod');
  });

  it('has a relative URI in SARIF, and the object as logical location', () => {
    const [run] = (JSON.parse(shown('sarif')) as { runs: { results: object[] }[] }).runs;
    expect(run?.results[0]).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'cluster%3Aadmin%40prod/namespaces/shop/pods/web' },
          },
          logicalLocations: [{ fullyQualifiedName: expect.stringContaining('shop/web') }],
        },
      ],
    });
  });

  it('is not what a file is taken for whose name begins as that of an object', () => {
    const binding = {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
      metadata: { name: 'b' },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', name: 'system:authenticated' }],
    };
    const report = reportOn({ 'cluster:prod/a.yaml': `${JSON.stringify(binding)}\n---\na: [` });
    const as = (format: (typeof FORMATS)[number]): string => render(format, report, CONTEXT);

    expect(as('pretty')).toContain('RoleBinding shop/b (cluster:prod/a.yaml, document 1)');
    expect(as('pretty')).toMatch(/rbac-broad-subject .* cluster:prod\/a\.yaml:1:\d+\n/);
    expect(as('pretty')).toMatch(/^not judged cluster:prod\/a\.yaml:4:1$/m);
    expect(as('html').match(/"place">cluster:prod\/a\.yaml</g)).toBeNull();
    expect(as('sarif').match(/"uri": "cluster%3Aprod\/a\.yaml",\s+"uriBaseId"/g)).toHaveLength(
      report.findings.length + report.errors.length,
    );
  });

  it.each(FORMATS)('is told as %s', (format) => {
    expect(shown(format)).toContain('secret-env-ref');
  });
});
