import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../src/config/load.ts';
import { startScan, type ScanResult } from '../../../src/scan/scan.ts';

function scan(text: string): ScanResult {
  const started = startScan({ settings: defaultSettings(), now: 0, namespace: 'shop' });
  started.add({ file: 'a.yaml', text, named: true });
  return started.finish();
}

const reasons = (text: string) => scan(text).errors.map(({ reason }) => reason);
const notes = (text: string) =>
  scan(text).notes.map(({ line, column, message }) => ({ line, column, message }));

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: app, image: i, envFrom: [{secretRef: {name: db}}]}
`;
const INJECTOR = `apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector}
data:
  values: '{}'
  config: |
    template: |
      image: "{{ .Values.global.proxy.image }}"
`;
const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec:
  values:
    # route: "{{ .Release.Name }}"
    hosts: ["{{ .Release.Name }}.example.com"]
`;
const RULE = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: r}
spec: {groups: [{rules: [{annotations: {summary: '{{ template "x" . }}'}}]}]}
`;
const list = (...items: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${items.map((item) => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;

describe('a finished manifest whose values hold templates', () => {
  it.each([
    [INJECTOR, 8, 15],
    [RELEASE, 6, 15],
    [RULE, 4, 51],
    [`${POD}---\n${INJECTOR}`, 15, 15],
    [list(INJECTOR, POD), 11, 17],
    [
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', stringData: { a: '{{ tpl .a . }}' } }),
      1,
      55,
    ],
  ])('is judged, with a word on the first of them: %j', (text, line, column) => {
    expect(reasons(text)).toEqual([]);
    expect(notes(text)).toEqual([
      {
        line,
        column,
        message: 'holds a template ({{ … }}) in a value, which is read as it stands',
      },
    ]);
  });

  it('has its other objects judged too', () => {
    const { findings } = scan(`${INJECTOR}---\n${POD}`);

    expect(findings.map(({ policy }) => policy)).toContain('secret-env-from');
  });

  it('is one that Helm says it rendered', () => {
    const rendered = `---\n# Source: shop/templates/web.yaml\n${POD.replace('image: i', 'image: "{{ .Values.image }}"')}`;

    expect(reasons(rendered)).toEqual([]);
  });
});

describe('a template that nobody rendered', () => {
  it.each([
    [
      'braces that are no YAML',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n',
    ],
    ['a name', RELEASE.replace('name: web', 'name: "{{ .Release.Name }}"')],
    [
      'a label of a ConfigMap',
      INJECTOR.replace('{name:', '{labels: {a: "{{ .Chart.Name }}"}, name:'),
    ],
    ['a field of a workload', POD.replace('image: i', 'image: "{{ .Values.image }}"')],
    ['a comment', `# {{- if .Values.enabled }}\n${POD}`],
    ['an item of a list', list(INJECTOR, POD.replace('image: i', 'image: "{{ .Values.image }}"'))],
    [
      'one document of two',
      `${INJECTOR}---\n${POD.replace('image: i', 'image: "{{ .Values.i }}"')}`,
    ],
  ])('is told by %s', (_, text) => {
    const { errors, objects, templates } = scan(text);

    expect(errors.map(({ reason }) => reason)).toEqual(['template']);
    expect([objects, templates]).toEqual([0, 1]);
  });
});
