import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { loadConfiguration } from '../../../src/config/load.ts';
import { FORMATS, render, type Format } from '../../../src/report/format.ts';
import type { ScanReport } from '../../../src/scan/report.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

const CANARY = 'hunter2CanaryValue';
const TEXT = `apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {note: "${CANARY}"}}
spec:
  containers:
  - name: app
    command: ["--password=${CANARY}"]
    env:
    - {name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}
    - {name: PASSWORD, value: ${CANARY}}
    - {name: URL, value: "https://u:${CANARY}@example.com"}
---
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"a":"${CANARY}"}}'}
stringData: {a: ${CANARY}, a: ${CANARY}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: ${CANARY}, b: [${CANARY}]}
---
a: ${CANARY}: b
---
b: "${CANARY}
---
c: *${CANARY}
---
!${CANARY}!x d
`;

const report = (text: string, file = 'dir/a b.yaml'): ScanReport => reportOn({ [file]: text });
const as = (format: Format, given = report(TEXT)): string => render(format, given, CONTEXT);

describe('a report', () => {
  it.each(FORMATS)('as %s names findings and broken documents, and shows no value', (format) => {
    const text = as(format);

    expect(text).toContain('secret-env-ref');
    expect(text).not.toContain(CANARY);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('as json keeps to its schema', () => {
    const schema = JSON.parse(readFileSync('schema/hushgate-report.schema.json', 'utf8')) as object;
    const validate = new Ajv({ strict: false }).compile(schema);

    expect([validate(JSON.parse(as('json'))), validate.errors]).toEqual([true, null]);
  });

  it('as sarif tells of an exception who answers for it, why, and until when', () => {
    const settings = loadConfiguration(
      `apiVersion: hushgate.dev/v1alpha1
kind: HushgateConfiguration
exceptions: [{policies: [secret-env-ref], kind: Pod, namespace: shop, name: a, paths: ['*'], owner: team-shop, reason: vendor image, expires: 2999-01-31}]
`,
      'c.yaml',
    );
    const text = as('sarif', reportOn({ 'a.yaml': TEXT }, settings));
    const { runs } = JSON.parse(text) as {
      runs: { results: { ruleId: string; level: string; suppressions?: object[] }[] }[];
    };
    const suppressed = runs[0]?.results.filter(({ suppressions }) => suppressions !== undefined);

    expect(suppressed).toMatchObject([
      {
        ruleId: 'secret-env-ref',
        level: 'note',
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: 'vendor image (team-shop answers for it until 2999-01-31)',
            properties: { owner: 'team-shop', reason: 'vendor image', expires: '2999-01-31' },
          },
        ],
      },
    ]);
  });

  it('as sarif gives each finding a rule, a place and a fingerprint', () => {
    const { runs } = JSON.parse(as('sarif')) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          partialFingerprints: object;
          locations: unknown[];
        }[];
      }[];
    };
    const [run] = runs;

    for (const { ruleId, ruleIndex, partialFingerprints, locations } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(Object.keys(partialFingerprints)).toEqual(['hushgate/v1', 'primaryLocationLineHash']);
      expect(JSON.stringify(locations)).toContain('"uri":"dir/a%20b.yaml"');
    }
    expect(run?.results.length).toBeGreaterThan(2);
  });

  it('as github shows what a file name would do to a log', () => {
    const [line] = as('github', report(TEXT, 'a\u001b[31m\u202e.yaml')).split('\n');

    expect(line).toContain('file=a\\u{1b}[31m\\u{202e}.yaml,');
  });

  it('as github escapes what would end a command', () => {
    const line = as('github', report(TEXT, 'a,b:c%\n.yaml')).split('\n')[0];

    expect(line).toMatch(
      /^::error file=a%2Cb%3Ac%25%0A\.yaml,line=\d+,col=\d+,title=hushgate%3A not judged::/,
    );
  });

  it('as junit escapes markup', () => {
    expect(as('junit', report(TEXT, '<&"\u0001>.yaml'))).toContain(
      'name="&lt;&amp;&quot;\\u{1}&gt;.yaml"',
    );
  });

  it('is coloured only where asked', () => {
    expect(as('pretty')).not.toContain('\u001b');
    expect(render('pretty', report(TEXT), { ...CONTEXT, colour: true })).toContain('\u001b[31m');
  });

  it('of whatever text never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, file) => {
        for (const format of FORMATS) as(format, report(text, file));
      }),
      { numRuns: 200 },
    );
  });
});
