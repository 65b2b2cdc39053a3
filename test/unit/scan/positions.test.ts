import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { subjectOf } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import type { ReportedFinding } from '../../../src/scan/report.ts';
import { fixturesOf, strictSettings, type Fixture } from '../../support/fixtures.ts';
import { locator } from '../../support/locate.ts';
import { reportOn } from '../../support/reports.ts';

/** One object for what is equal, so that the YAML writer makes anchors and aliases of it. */
function shared(value: unknown, seen = new Map<string, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const key = JSON.stringify(value);
  if (!seen.has(key)) {
    const own = Array.isArray(value)
      ? value.map((item) => shared(item, seen))
      : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shared(each, seen)]));
    seen.set(key, own);
  }
  return seen.get(key);
}

const FIRST = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first' }, data: {} };
const itemsIn = ({ documents }: Fixture): readonly unknown[] => [FIRST, ...documents];
const list = (fixture: Fixture): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: itemsIn(fixture),
});

/** The same objects as people and tools write them. */
const FORMS: Readonly<Record<string, (fixture: Fixture) => string>> = {
  'as it is written': ({ file }) => readFileSync(file, 'utf8'),
  'with Windows line ends and a byte order mark': ({ file }) =>
    `\ufeff${readFileSync(file, 'utf8').replaceAll('\n', '\r\n')}`,
  'as a List': (fixture) => stringify(list(fixture), { aliasDuplicateObjects: false }),
  'as a List full of anchors': (fixture) => stringify(shared(list(fixture))),
  'in braces': (fixture) =>
    stringify(list(fixture), { collectionStyle: 'flow', aliasDuplicateObjects: false }),
  'as JSON': (fixture) => JSON.stringify(list(fixture), null, 2),
  'as JSON in one line': (fixture) => JSON.stringify(list(fixture)),
};

describe.each(Object.entries(FORMS))('a finding in a file %s', (form, write) => {
  it.each(catalogue.map(({ meta }) => meta.id))('of %s stands at its very field', (id) => {
    let checked = 0;
    for (const fixture of fixturesOf(id).filter(isManifest)) {
      const text = write(fixture);
      const locate = locator(text.replace(/^\ufeff/, ''));
      for (const finding of reportOn({ 'a.yaml': text }, strictSettings(fixture)).findings) {
        const { document, path, line, column } = finding;
        const places = prefixesOf(form, fixture, finding).map((item) =>
          locate(document, item + path),
        );
        checked++;

        expect({ policy: finding.policy, path, file: fixture.file, places }).toMatchObject({
          places: expect.arrayContaining([expect.objectContaining({ line, column })]),
        });
      }
    }
    expect(checked).toBeGreaterThan(0);
  });
});

/** Files of variables are no YAML, and have their places tried with the posture policies. */
const isManifest = ({ file }: Fixture): boolean => file.endsWith('.yaml');

/** What stands before the path of a finding in its document: nothing, or the item of a List that it is about. */
function prefixesOf(form: string, fixture: Fixture, { kind, name }: ReportedFinding): string[] {
  if (!/List|braces|JSON/.test(form)) return [''];
  return itemsIn(fixture).flatMap((item, index) => {
    const subject = subjectOf(item);
    // A kind without a name of its own goes by that of its file.
    const isIt = subject.kind === kind && (subject.name === name || subject.name === '');
    return isIt ? [`items[${index}].`] : [];
  });
}

const HAND_WRITTEN: readonly (readonly [string, string])[] = [
  [
    'a merge key',
    `x: &base
  env:
  - {name: P, valueFrom: {secretKeyRef: {name: db, key: p}}} # here
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - <<: *base
    name: app
`,
  ],
  [
    'a merge key that is overruled',
    `x: &base
  env: []
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - <<: *base
    name: app
    env:
    - name: P
      valueFrom:
        secretKeyRef: {name: db, key: p} # here
`,
  ],
  [
    'a key that stands twice',
    `apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {}
spec:
  containers:
  - name: app
    env:
    - name: P
      valueFrom:
        secretKeyRef: {name: other, key: p}
        secretKeyRef: {name: db, key: p} # here
`,
  ],
  [
    'a List in a list, in the third document',
    `# nothing
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: List
  items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
      - name: app
        env:
        - name: P
          valueFrom:
            "secretKeyRef": # here
              name: db
              key: p
`,
  ],
];

it.each(HAND_WRITTEN)('a finding by way of %s stands at its very field', (_, text) => {
  const lines = text.split('\n');
  const line = lines.findIndex((each) => each.endsWith('# here'));
  const column = (lines[line] ?? '').search(/"?secretKeyRef/);
  const { findings } = reportOn({ 'a.yaml': text });

  expect(
    findings
      .filter(({ policy }) => policy === 'secret-env-ref')
      .map((each) => [each.line, each.column]),
  ).toEqual([[line + 1, column + 1]]);
});
