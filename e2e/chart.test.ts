// The chart without an install: what it renders, and whether an API server would take it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { webhookRules, type CustomResource, type WebhookRule } from '../src/admission/rules.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { judge } from '../src/engine/judge.ts';
import { modesIn } from '../src/engine/settings.ts';
import { subjectOf } from '../src/engine/subject.ts';
import { catalogue } from '../src/policies/catalogue.ts';
import { rolesFrom } from '../src/rbac/roles.ts';
import { readYaml } from '../src/yaml/manifest.ts';
import { CHART, NAMESPACE, template } from './support/chart.ts';
import { COMBINATIONS, EXCEPTED } from './support/combinations.ts';
import { kubectl, run } from './support/shell.ts';
import { defineOperatorKinds, removeOperatorKinds } from './support/stub-kinds.ts';

jest.setTimeout(120_000);

/** That of the golden files, whatever image the other tests run. */
const image = { repository: 'hushgate', tag: 'e2e' };
const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly webhooks?: readonly { readonly name: string; readonly rules: readonly WebhookRule[] }[];
}

async function rendered(name: string): Promise<readonly Rendered[]> {
  const text = await template(COMBINATIONS[name] ?? {});
  return readYaml(text).documents.filter((document) => document !== null) as Rendered[];
}

it('passes helm lint --strict', async () => {
  const { stdout } = await run('helm', ['lint', '--strict', CHART]);
  expect(stdout).toContain('0 chart(s) failed');
});

it('refuses values that are none, with the place', async () => {
  for (const bad of ['config.profile=strct', 'webhook.failurePolicy=Maybe', 'replica=3']) {
    const place = ['template', 'x', CHART, '--kube-version', '1.30.0', '--set', bad];
    const refused = await run('helm', place, { allowFailure: true });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(bad.split(/[.=]/)[0]);
  }
});

it('refuses a custom kind that is judged already, since one object must not be judged twice', async () => {
  const group = 'rbac.authorization.k8s.io';
  const twice = { webhook: { customWorkloads: [{ group, resource: 'roles' }] } };
  await expect(template(twice)).rejects.toThrow(`${group}/roles is judged already`);
});

it('asks for Kubernetes 1.30', async () => {
  const old = ['template', 'x', CHART, '--kube-version', '1.29.9'];
  const refused = await run('helm', old, { allowFailure: true });
  expect(refused.stderr).toContain('chart requires kubeVersion: >=1.30.0-0');
});

describe.each(Object.keys(COMBINATIONS))('with the values "%s"', (name) => {
  it('renders as its golden file; HUSHGATE_E2E_GOLDEN=1 writes it', async () => {
    const text = (await template({ image, ...COMBINATIONS[name] })).replaceAll(
      /^ +rules:\n(?: {6}.*\n?)+/gm,
      (rules) =>
        // The policies' rules have a test of their own, and change with each policy.
        rules.includes('apiVersions') ? '    rules: […]\n' : rules,
    );
    const file = join('e2e/testdata/golden', `${name.replaceAll(/\W+/g, '-')}.yaml.txt`);
    if (process.env['HUSHGATE_E2E_GOLDEN'] === '1') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no golden file').toBe(text);
  });

  it('registers what the policies that are on are about, each resource in one entry', async () => {
    const objects = await rendered(name);
    const text = objects.flatMap(({ data }) => data?.['hushgate.yaml'] ?? [])[0] ?? '';
    const settings = loadConfiguration(text, 'hushgate.yaml');
    const modes = [...modesIn(settings, '')];
    const on = catalogue.filter(({ meta }) =>
      modes.some(([id, mode]) => id === meta.id && mode !== 'off'),
    );
    const values = readYaml(readFileSync(join(CHART, 'values.yaml'), 'utf8')).documents[0];
    const { customWorkloads } = (values as { webhook: { customWorkloads: CustomResource[] } })
      .webhook;
    const flat = (rules: readonly WebhookRule[]): string[] =>
      rules.flatMap(({ apiGroups, resources, operations }) =>
        resources.map((resource) => `${apiGroups.join()}/${resource} ${operations.join()}`),
      );
    const entries = objects.flatMap(({ webhooks = [] }) => webhooks);
    const registered = entries.flatMap(({ rules }) => flat(rules));
    expect(registered.sort()).toEqual(flat(webhookRules(on, customWorkloads)).sort());
    expect(new Set(registered).size).toBe(registered.length);
    expect(registered.filter((rule) => rule.includes('*'))).toEqual([]);
  });

  it('takes its own medicine: strict finds nothing but what is excepted', async () => {
    const settings = loadConfiguration(`${HEAD}profile: strict\n`, 'strict.yaml');
    const objects = await rendered(name);
    const roles = rolesFrom(objects);
    const told = objects.flatMap((object) => {
      const subject = subjectOf(object);
      const { findings, unjudged } = judge({ subject }, settings, { now: Date.now(), roles });
      expect(unjudged).toEqual([]);
      return findings.map(
        ({ policy, path }) => `${policy} ${object.kind} ${object.metadata.name} ${path}`,
      );
    });
    const excepted = Object.keys(EXCEPTED).filter((finding) => told.includes(finding));
    expect(told).toEqual(excepted);
  });
});

describe('every object', () => {
  beforeAll(async () => {
    await kubectl('create', 'namespace', NAMESPACE).catch(() => undefined);
    await kubectl(
      'label',
      'namespace',
      NAMESPACE,
      'pod-security.kubernetes.io/enforce=restricted',
      '--overwrite',
    );
    await defineOperatorKinds();
  });
  afterAll(async () => {
    await removeOperatorKinds();
    await kubectl('delete', 'namespace', NAMESPACE);
  });

  it.each(Object.keys(COMBINATIONS))(
    'of "%s" is taken by the API server, field by field',
    async (name) => {
      const text = await template(COMBINATIONS[name] ?? {});
      const strict = [
        'create',
        '--dry-run=server',
        '--validate=strict',
        '-n',
        NAMESPACE,
        '-f',
        '-',
      ];
      const made = await run('kubectl', strict, { input: text, allowFailure: true });
      // The one thing that Pod Security `restricted` does not allow, as the value says.
      const host =
        /^Warning: would violate PodSecurity "restricted:latest": host namespaces [^:]*$/;
      expect(made.stderr).toMatch(text.includes('hostNetwork: true') ? host : /^$/);
      expect(made.stdout.split('\n')).toHaveLength((await rendered(name)).length);
    },
  );
});
