// What `helm template` writes, piped into `hushgate scan -f -`.
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inText, reportOfScan, scan } from '../test/support/scan.ts';
import { NAMESPACE, template } from './support/chart.ts';
import { COMBINATIONS, EXCEPTED } from './support/combinations.ts';
import { run } from './support/shell.ts';

jest.setTimeout(120_000);

const CHART = 'e2e/testdata/shop';
const POD = 'spec.template.spec';

describe('a chart with a subchart, hooks, a test, a List and notes', () => {
  let text: string;
  beforeAll(async () => {
    text = (await run('helm', ['template', 'shop', CHART, '-n', 'shop'])).stdout;
  });
  const report = () => reportOfScan(['-f', '-', '-n', 'shop'], text);

  it('is judged as Helm renders it, with lines of the pipe and the template of each finding', async () => {
    const { findings, summary, code } = await report();

    expect(findings.map((finding) => inText(text, finding))).toEqual([
      'warn network-isolation, Secret shop/shop-db, metadata.namespace: 12: metadata:, shop/templates/secret.yaml',
      `deny secret-env-ref, Deployment shop/shop-web, ${POD}.containers[0].env[0].valueFrom.secretKeyRef: 39: secretKeyRef: { name: shop-db, key: password }, shop/templates/web.yaml`,
      `warn credential-name-in-env, StatefulSet shop/shop-cache, ${POD}.containers[0].env[0].value: 58: value: "canary-helm-subchart", shop/charts/cache/templates/cache.yaml`,
      'deny rbac-secrets-list-watch, Role shop/reader, rules[0]: 68: apiGroups: [""], shop/templates/access.yaml',
      'warn service-account-token-automount, Pod shop/shop-open, spec.automountServiceAccountToken: 84: spec:, shop/templates/tests/open.yaml',
      `deny secret-env-from, Job shop/shop-migrate, ${POD}.containers[0].envFrom[0].secretRef: 108: secretRef: { name: shop-db }, shop/templates/migrate.yaml`,
    ]);
    expect(summary).toMatchObject({ documents: 7, objects: 8, templates: 0 });
    expect(code).toBe(2);
  });

  it('has a role from elsewhere, told once, with its template', async () => {
    expect((await report()).errors).toEqual([
      {
        ...{ reason: 'unknown', file: '<stdin>', template: 'shop/templates/access.yaml' },
        ...{ line: 74, column: 5 },
        message:
          'not judged by rbac-cross-namespace-subject at roleRef: Role elsewhere is not known here',
      },
    ]);
  });

  it('is told to people with template and place, and without a value', async () => {
    const { stdout, stderr } = await scan(['-f', '-', '-n', 'shop'], text);

    expect(stdout).toContain('secret-env-ref  high  <stdin>:39:17 (shop/templates/web.yaml)\n');
    expect(stdout).toContain('not judged <stdin>:74:5 (shop/templates/access.yaml)\n');
    expect(text).toContain('canary-helm');
    expect(stdout + stderr).not.toContain('canary-helm');
  });

  it('is not judged unrendered: each template says what to do', async () => {
    const { findings, errors, summary, code } = await reportOfScan(['-R', '-f', CHART]);
    const message = (chart: string) =>
      `is an unrendered template of the chart ${chart}: helm template ${chart} | hushgate scan -f -`;

    expect([findings, code]).toEqual([[], 2]);
    expect(summary.templates).toBe(errors.length);
    expect(errors.map((error) => `${error.file}: ${error.message}`)).toEqual([
      `${CHART}/charts/cache/templates/cache.yaml: ${message(`${CHART}/charts/cache`)}`,
      ...['access', 'migrate', 'secret', 'tests/open', 'web'].map(
        (name) => `${CHART}/templates/${name}.yaml: ${message(CHART)}`,
      ),
    ]);
  });

  it('that fails to render leaves an empty pipe, which is not clean', async () => {
    const args = ['template', 'shop', CHART, '--set', 'password=1'];
    const failed = await run('helm', args, { allowFailure: true });
    const { code, errors } = await reportOfScan(['-f', '-'], failed.stdout);

    expect([failed.code, failed.stdout, code]).toEqual([1, '', 2]);
    expect(failed.stderr).toContain('shop/templates/web.yaml');
    expect(errors[0]?.message).toBe('is empty: did the command that writes to it fail?');
  });
});

/** What a scan finds beside a webhook, which never sees the whole: at the first object that brings a Secret. */
const IN_FILES = Object.fromEntries(
  ['Secret hushgate-tls', 'Certificate hushgate-ca', 'Certificate hushgate-tls'].map((object) => [
    `network-isolation ${object} metadata.namespace`,
    'a NetworkPolicy of the chart is for its own Pods, not for all of the namespace',
  ]),
);

describe('the chart of Hushgate', () => {
  it.each(Object.keys(COMBINATIONS))(
    'with the values "%s" is clean in the strict profile, but for what is explained',
    async (name) => {
      const text = await template(COMBINATIONS[name] ?? {});
      const strict = ['-f', '-', '-n', NAMESPACE, '--profile', 'strict'];
      const { findings, errors, notes } = await reportOfScan(strict, text);
      const told = findings.map(
        ({ policy, kind, name: object, path }) => `${policy} ${kind} ${object} ${path}`,
      );
      const explained = Object.keys({ ...IN_FILES, ...EXCEPTED });

      expect(told).toEqual(explained.filter((finding) => told.includes(finding)));
      expect([errors, notes]).toEqual([[], []]);
      for (const { template: from } of findings) expect(from).toMatch(/^hushgate\/templates\//);
    },
  );
});
