import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultSettings, loadConfiguration } from '../../../src/config/load.ts';
import { readBaseline, withoutBaseline, writeBaseline } from '../../../src/scan/baseline.ts';
import { startScan, type ScanResult, type SourceText } from '../../../src/scan/scan.ts';

const NOW = Date.UTC(2026, 10, 24);
const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: app
    env:
    - {name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}
`;

function scan(
  text: string,
  more: Partial<SourceText> = {},
  settings = defaultSettings(),
): ScanResult {
  const started = startScan({ settings, now: NOW, namespace: 'shop' });
  started.add({ file: 'a.yaml', text, named: true, ...more });
  return started.finish();
}

const env = ({ findings }: ScanResult) =>
  findings.filter(({ policy }) => policy === 'secret-env-ref');

describe('a scan', () => {
  it('places a finding at its field, in the namespace of the client', () => {
    const [finding] = env(scan(`# first\n---\n${POD}`));

    expect(finding).toMatchObject({
      line: 10,
      namespace: 'shop',
      document: 2,
      mode: 'deny',
      name: 'a',
    });
  });

  it.each([
    ['apps.kruise.io/v1alpha1', 'SidecarSet'],
    ['argoproj.io/v1alpha1', 'ClusterWorkflowTemplate'],
    ['serving.kserve.io/v1alpha1', 'ClusterServingRuntime'],
    ['trainer.kubeflow.org/v1alpha1', 'ClusterTrainingRuntime'],
  ])('puts no namespace on the cluster-scoped %s %s, as the webhook sees it', (version, kind) => {
    const text = POD.replace('v1', version).replace('Pod', kind);

    expect(env(scan(text)).map(({ namespace }) => namespace)).toEqual(['']);
  });

  it('judges the items of a list, with places in it', () => {
    const item = POD.trimEnd().replaceAll('\n', '\n  ');
    const [finding, ...more] = env(scan(`apiVersion: v1\nkind: List\nitems:\n- ${item}\n- ~\n`));

    expect([finding?.line, more.length]).toEqual([11, 0]);
  });

  it('counts documents that cannot be read, so that a finding names its own', () => {
    const [finding] = env(scan(`a: [\n---\n# empty\n---\n${POD}`));
    const [behind] = env(scan(`{"kind": "x"}\n---\na: [\n---\n${POD}`));

    expect([finding?.document, behind?.document]).toEqual([3, 3]);
  });

  it('takes the roles of every file, wherever they stand', () => {
    const started = startScan({ settings: defaultSettings(), now: NOW, namespace: 'shop' });
    started.add({
      file: 'b.yaml',
      named: true,
      text: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: u}]\n',
    });
    const role =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]\n';
    started.add({ file: 'r.yaml', named: true, text: role });
    const { findings, errors } = started.finish();

    expect(errors).toEqual([]);
    expect(findings[0]).toMatchObject({
      file: 'b.yaml',
      policy: 'rbac-secrets-cluster-wide',
      line: 5,
    });
  });

  it('tells a role that is not in the input once, with every policy that misses it', () => {
    const binding =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: s, namespace: other}, {kind: Group, name: "system:authenticated"}]\n';
    const permissive = { ...defaultSettings(), profile: 'permissive' } as const;
    for (const settings of [defaultSettings(), permissive]) {
      expect(scan(binding, {}, settings).errors).toEqual([
        {
          ...{ reason: 'unknown', file: 'a.yaml', line: 4, column: 1 },
          message:
            'not judged by rbac-broad-subject, rbac-cross-namespace-subject at roleRef: Role r is not known here',
        },
      ]);
    }
  });

  it.each([
    ['# Source: shop/templates/web.yaml', 'shop/templates/web.yaml'],
    [
      '---\r\n# Source: shop/charts/a.b/templates/x/web_1.yml\r',
      'shop/charts/a.b/templates/x/web_1.yml',
    ],
    ['# Source: not a path/templates/web.yaml', undefined],
    ['# Source: canary', undefined],
    ['# First\n# Source: shop/templates/web.yaml', undefined],
  ])('names the template that Helm says it rendered: %j', (head, template) => {
    const { findings, notes } = scan(`${head}\n${POD}  priority: 1\n  priority: 2\n`);

    expect(new Set([...findings, ...notes].map((told) => told.template))).toEqual(
      new Set([template]),
    );
    expect(notes).toHaveLength(1);
  });

  it.each([
    ['a: [', {}, 'syntax'],
    ['a: 1', {}, 'not-an-object'],
    ['apiVersion: v1', { named: false }, 'not-an-object'],
    ['kind: {{ .Values.kind }}', {}, 'template'],
    [`${POD}  # {{ include "x" . }}`, {}, 'template'],
    [`${POD}  # {{ x }}`, { chart: 'charts/x' }, 'template'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: 1', {}, 'malformed'],
  ])('%j is not judged, and says so', (text, more, reason) => {
    expect(scan(text, more).errors[0]?.reason).toBe(reason);
  });

  it('names a chart without what a terminal would obey', () => {
    const [error] = scan('a: {{ x }}', { chart: 'a\u001b[31m\n::error::b' }).errors;

    expect(error?.message).toMatch(/of the chart a\\u\{1b\}\[31m\\u\{a\}::error::b: helm/);
    expect(error?.message).not.toMatch(/\p{Cc}/u);
  });

  it.each(['', '# nothing', '---\nnull\n', `${POD}# {{ $labels.pod }}`])(
    '%j is all judged',
    (text) => {
      expect(scan(text).errors).toEqual([]);
    },
  );

  it('only notes a file of another kind that it meets in a folder, and a repeated key', () => {
    const { errors, notes } = scan('a: 1\na: 2\n', { named: false });

    expect([errors.length, notes.length]).toEqual([0, 2]);
  });

  it('counts exceptions until their last day', () => {
    const head = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';
    const exception = (expires: string) =>
      loadConfiguration(
        `${head}exceptions: [{policies: [secret-env-ref], kind: Pod, namespace: shop, name: a, paths: ['*'], owner: o, reason: r, expires: ${expires}}]`,
        'c',
      );

    expect(env(scan(POD, {}, exception('2026-11-24')))[0]).toMatchObject({
      mode: 'audit',
      excuse: 'exception',
    });
    expect(env(scan(POD, {}, exception('2026-11-23')))[0]).toMatchObject({ mode: 'deny' });
  });

  it('accepts what a baseline holds, each entry once', () => {
    const { findings } = scan(`${POD}---\n${POD}`);
    const baseline = readBaseline(writeBaseline(scan(POD).findings), 'b');
    const left = withoutBaseline(findings, baseline);

    expect(left).toMatchObject({ baselined: findings.length / 2, stale: 0 });
    expect(withoutBaseline([], baseline).stale).toBe(baseline.length);
  });

  it('of whatever object never throws', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom('Pod', 'Role', 'RoleBinding', 'List', 'Secret'),
        (json, kind) => {
          const text = `{"apiVersion":"v1","kind":"${kind}","metadata":${json},"spec":${json},"items":${json}}`;
          scan(text);
          scan(json);
        },
      ),
      { numRuns: 500 },
    );
  });
});
