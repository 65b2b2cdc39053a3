// The chart's generated files say what the code says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { readYaml } from '../../../src/yaml/manifest.ts';
import { chartPolicies } from '../../../scripts/gen/chart.ts';
import { admissionPolicies } from '../../support/fixtures.ts';
import { chartReadme, chartValues, chartValuesSchema } from '../../../scripts/gen/values.ts';

const chart = (file: string): string => readFileSync(join('charts/hushgate', file), 'utf8');

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(chartValuesSchema()) as AnySchema,
);

describe('values.yaml', () => {
  it('holds to values.schema.json', () => {
    expect(validate(readYaml(chart('values.yaml')).documents[0])).toBe(true);
    expect(validate.errors).toBe(null);
  });

  it('says of every value what it does', () => {
    const lines = chartValues().split('\n');
    const undocumented = lines.filter(
      (line, index) =>
        /^ *[A-Za-z]+:/.test(line) && !/^ *#/.test(lines[index - 1] ?? '') && !inMap(lines, index),
    );
    expect(undocumented).toEqual([]);
  });

  // Lines of a default that is a map itself, such as resources.
  const inMap = (lines: readonly string[], index: number): boolean =>
    /^(?: {2})+(?:requests|limits|cpu|memory):/.test(lines[index] ?? '');

  it('asks for a failurePolicy of Ignore, and says what Fail means', () => {
    expect(chart('values.yaml')).toMatch(/no Pod, Secret[^]*failurePolicy: Ignore/);
  });
});

describe('values.schema.json', () => {
  it.each([
    ['a misspelt value', { replica: 3 }],
    ['a profile that is none', { config: { profile: 'strct' } }],
    ['a policy that is none', { config: { policies: { 'secret-env': { mode: 'warn' } } } }],
    ['an exception without an owner', { config: { exceptions: [{ kind: 'Pod' }] } }],
    [
      'a custom kind by wildcard',
      { webhook: { customWorkloads: [{ group: 'a.b', resource: '*' }] } },
    ],
    ['a time-out beyond what the API takes', { webhook: { timeoutSeconds: 31 } }],
    ['a digest that is none', { image: { digest: 'latest' } }],
  ])('refuses %s', (_, values) => {
    expect(validate(values)).toBe(false);
  });

  it.each([
    ['what Helm sets in a subchart', { global: {}, enabled: true }],
    ['off, as Helm reads it', { config: { policies: { 'secret-env-ref': { mode: false } } } }],
  ])('takes %s', (_, values) => {
    expect(validate(values)).toBe(true);
  });
});

it('the data of the rules knows every policy, with its modes and resources', () => {
  const known = JSON.parse(chartPolicies(catalogue)) as readonly {
    readonly id: string;
    readonly modes: object;
    readonly resources: readonly { readonly resource: string; readonly workload: boolean }[];
  }[];
  expect(known.map(({ id }) => id)).toEqual(admissionPolicies.map(({ meta }) => meta.id));
  const secretEnvRef = known.find(({ id }) => id === 'secret-env-ref');
  expect(secretEnvRef?.modes).toEqual({ permissive: 'warn', baseline: 'deny', strict: 'deny' });
  expect(secretEnvRef?.resources).toContainEqual({
    group: '',
    resource: 'pods/ephemeralcontainers',
    workload: true,
  });
  const workload = (name: string): boolean[] => [
    ...new Set(
      known
        .flatMap(({ resources }) => resources)
        .filter(({ resource }) => resource === name)
        .map((each) => each.workload),
    ),
  ];
  expect([workload('deployments'), workload('roles')]).toEqual([[true], [false]]);
});

it('the README has every value in its table, and only its table is generated', () => {
  const readme = chartReadme('before <!-- values:start -->outdated<!-- values:end --> after');
  expect(readme).toMatch(/^before [^]*`webhook\.failurePolicy` \| `"Ignore"`[^]* after$/);
  expect(readme).not.toContain('outdated');
});
