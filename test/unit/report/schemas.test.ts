import { describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import { loadConfiguration } from '../../../src/config/load.ts';
import { isJsonObject } from '../../../src/engine/field.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { render, type Format } from '../../../src/report/format.ts';
import type { ScanReport } from '../../../src/scan/report.ts';
import { readYaml } from '../../../src/yaml/manifest.ts';
import { fixturesOf, strictSettings } from '../../support/fixtures.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

/** The report on the fixtures of each policy, as strict has it; each is one of many objects. */
const REPORTS: readonly (readonly [string, ScanReport])[] = catalogue.map(({ meta }) => {
  const fixtures = fixturesOf(meta.id);
  const files = fixtures.map(({ file }) => [file, read(file)] as const);
  const [first] = fixtures;
  if (first === undefined) throw new Error(`${meta.id} has no fixtures`);
  return [meta.id, reportOn(Object.fromEntries(files), strictSettings(first))];
});

const EXCEPTED = reportOn(
  {
    'a.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: app, envFrom: [{secretRef: {name: db}}]}]}
`,
    './b "<&>\u0007.yaml': 'a: [',
    '/abs/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, name: c}\n',
  },
  loadConfiguration(
    `apiVersion: hushgate.dev/v1alpha1
kind: HushgateConfiguration
exceptions: [{policies: [secret-env-from], kind: Pod, namespace: shop, name: web, paths: ['*'], owner: o, reason: r, expires: 2999-01-01}]
`,
    'c.yaml',
  ),
);

const ALL: readonly (readonly [string, ScanReport])[] = [
  ...REPORTS,
  ['an exception, a broken file and a note', EXCEPTED],
  ['nothing', reportOn({})],
];

const as = (format: Format, report: ScanReport): string => render(format, report, CONTEXT);

function expectValid(validate: ValidateFunction, value: unknown): void {
  const valid = validate(value);

  expect(validate.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
}

describe('json keeps to its schema', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(read('schema/hushgate-report.schema.json')) as object,
  );

  it.each(ALL)('on %s', (_, report) => {
    expectValid(validate, JSON.parse(as('json', report)));
  });

  it('which tells every field of a report', () => {
    const open = structuredClone(validate.schema);
    const closed = new Ajv({ strict: false }).compile(close(open) as object);

    for (const [, report] of ALL) expectValid(closed, JSON.parse(as('json', report)));
  });
});

describe('sarif keeps to the schema that OASIS publishes', () => {
  const validate = formats
    .default(new draft04.default({ strict: false }))
    .compile(JSON.parse(read('test/schemas/sarif-2.1.0.schema.json')) as object);

  it.each(ALL)('on %s', (_, report) => {
    expectValid(validate, JSON.parse(as('sarif', report)));
  });

  it('which refuses another level', () => {
    expect(validate(JSON.parse(as('sarif', EXCEPTED).replace('"note"', '"quiet"')))).toBe(false);
  });
});

describe('junit keeps to the schema of Jenkins', () => {
  const schema = [{ fileName: 'junit-10.xsd', contents: read('test/schemas/junit-10.xsd') }];
  const problemsOf = async (contents: string): Promise<readonly string[]> => {
    const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents }], schema });
    return errors.map(({ message }) => message);
  };

  it.each(ALL)('on %s', async (_, report) => {
    expect(await problemsOf(as('junit', report))).toEqual([]);
  });

  it('which refuses a case without a name', async () => {
    const text = as('junit', EXCEPTED).replace(
      /<testcase classname="scan" name="[^"]*"/,
      '<testcase',
    );

    expect(await problemsOf(text)).not.toEqual([]);
  });
});

describe('policyreport keeps to the CustomResourceDefinitions', () => {
  const validators: Readonly<Record<string, ValidateFunction>> = {
    PolicyReport: crdValidator('policyreports'),
    ClusterPolicyReport: crdValidator('clusterpolicyreports'),
  };

  it.each(ALL)('on %s, and nothing of it would be dropped', (_, report) => {
    const { items } = JSON.parse(as('policyreport', report)) as { items: { kind: string }[] };

    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      const validate = validators[item.kind];
      if (validate === undefined) throw new Error(`no schema for ${item.kind}`);
      expectValid(validate, item);
    }
  });
});

/** The schema of the served version v1alpha2, with fields that it does not know refused instead of dropped. */
function crdValidator(plural: string): ValidateFunction {
  const { documents } = readYaml(read(`test/schemas/wgpolicyk8s.io_${plural}.yaml`));
  const { spec } = documents.find(isJsonObject) as unknown as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: object } }[] };
  };
  const schema = spec.versions.find(({ name }) => name === 'v1alpha2')?.schema.openAPIV3Schema;
  return new Ajv({ strict: false, validateFormats: false }).compile(close(schema) as object);
}

/** Every object with listed properties takes no others; `metadata` is the API server's own. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (!isJsonObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, close(value)]),
  );
  return 'properties' in schema && isJsonObject(schema['properties']) && schema['type'] === 'object'
    ? { additionalProperties: false, ...inner }
    : inner;
}
