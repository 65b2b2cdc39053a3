// One verdict: a scan of a file, and the webhook for what a real API server makes of the same file, find the same.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { webhookRules } from '../../src/admission/rules.ts';
import { Field } from '../../src/engine/field.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { rolesFrom } from '../../src/rbac/roles.ts';
import { startScan, type Scan } from '../../src/scan/scan.ts';
import { startApp, type TestApp } from '../support/app.ts';
import {
  admissionPolicies,
  FIXTURE_DAY,
  fixturesOf,
  strictSettings,
  type Fixture,
} from '../support/fixtures.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import type { ApiResponse } from './harness/request.ts';
import { bred, NAMESPACES } from './support/bred.ts';
import { defineCustomKinds } from './support/crds.ts';
import { dryRuns, type DryRun } from './support/dry-run.ts';
import type { Json } from './support/objects.ts';
import { REJECTED } from './support/rejected-fixtures.ts';
import { WEBHOOK } from './support/webhook-configuration.ts';
import { register } from './support/webhook.ts';

jest.setTimeout(600_000);

const OBJECTS = 5_000;
const SEED = 20261124;
const AT_ONCE = 20;

const POLICIES = admissionPolicies;
const FIXTURES = POLICIES.flatMap(({ meta }) => fixturesOf(meta.id));

/** Rewritten by every create: the API server keeps its own managedFields. */
const AGE = 'secret-rotation-overdue';

let plane: ControlPlane;
let app: TestApp;
let create: DryRun;
let arrived = 0;

beforeAll(async () => {
  plane = await startControlPlane();
  app = await startApp('silent');
  await register(plane, {
    name: 'hushgate',
    url: app.url,
    caCert: app.caCert,
    rules: webhookRules(POLICIES, await defineCustomKinds(plane)),
    failurePolicy: 'Fail',
    timeoutSeconds: 30,
  });
  create = dryRuns(plane);
  app.facts = () => {
    arrived += 1;
    return { now: FIXTURE_DAY };
  };
  await eventually('the first review', async () => {
    await create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' } }, 'parity');
    return arrived > 0 ? true : undefined;
  });
});
afterAll(async () => {
  await app.close();
  await plane.stop();
});

/** Every finding denies, so that the caller reads each in one message. */
function denying(settings: Settings): Settings {
  const policies = settings.policies.filter(({ policy }) => POLICIES.includes(policy));
  return { ...settings, policies, modes: new Map(POLICIES.map(({ meta }) => [meta.id, 'deny'])) };
}

/** What the webhook finds, as the caller reads it; the API server's own refusal instead, where there is one. */
function toldOf({ status, body, warnings }: ApiResponse): readonly string[] | string {
  const message = Field.root(body).get('message').text() ?? '';
  const isOurs = message.startsWith(`admission webhook "${WEBHOOK}" denied`);
  // A stock object may be there already, which the API server says once admission has passed it.
  if (status !== 201 && status !== 409 && !isOurs) return message;
  const lines = isOurs ? message.split('\n').slice(1) : warnings.filter(isFinding);
  return lines.map((line) => /^(?:- \w+ )?(.*?): /.exec(line)?.[1] ?? `unreadable: ${line}`);
}

/** The API server has warnings of its own. */
function isFinding(warning: string): boolean {
  const [word = ''] = warning.split(/[ :]/);
  return warning.startsWith('not judged') || POLICIES.some(({ meta }) => meta.id === word);
}

/** What a scan finds in each file, in the same words. */
function foundBy(scan: Scan): ReadonlyMap<string, readonly string[]> {
  const { findings, errors } = scan.finish();
  const found = new Map<string, string[]>();
  const add = (file: string, what: string, path: string): void => {
    const text = `${what}${path === '' ? '' : ` at ${path}`}`;
    found.set(file, [...(found.get(file) ?? []), text]);
  };
  for (const { file, policy, path } of findings) add(file, policy, path);
  for (const { file, message } of errors) {
    add(file, /^(.*?): /.exec(message)?.[1] ?? message, '');
  }
  return found;
}

/** As a multiset; the API server writes stringData of a Secret into data. */
function compared(texts: readonly string[]): string[] {
  return texts
    .map((text) => text.replace(/ at stringData(?=[.[])/, ' at data'))
    .filter((text) => !text.startsWith(`${AGE} at`))
    .sort();
}

describe('a fixture has the same findings of all policies in its file and in the cluster', () => {
  it.each(FIXTURES.filter(({ file }) => REJECTED[file] === undefined))('$file', async (fixture) => {
    const { file, documents } = fixture;
    const settings = denying(strictSettings(fixture));
    app.settings = settings;
    const roles = rolesFrom(documents);
    app.facts = () => ({ now: FIXTURE_DAY, roles });
    const told: string[] = [];
    for (const document of documents) {
      const answer = toldOf(await create(document, 'fixtures'));
      if (typeof answer === 'string') throw new Error(answer);
      told.push(...answer);
    }
    const scan = startScan({ settings, now: FIXTURE_DAY, namespace: 'fixtures' });
    scan.add({ file, text: readFileSync(file, 'utf8'), named: true });

    const found = [...foundBy(scan).values()].flat();
    expect(compared(found)).toEqual(compared(told));
  });
});

/** A text of an object, in one of the ways in which people and programs write YAML. */
const texts: readonly ((object: Json) => string)[] = [
  (object) => stringify(object, { version: '1.1' }),
  (object) => stringify(object, { version: '1.1', indent: 4, defaultStringType: 'QUOTE_DOUBLE' }),
  (object) => stringify(object, { version: '1.1', indentSeq: false, lineWidth: 40 }),
  (object) =>
    stringify(object, { version: '1.1', collectionStyle: 'flow' }).replaceAll('\n', '\r\n'),
  (object) => JSON.stringify(object, undefined, '\t'),
];

/** Starts the next as soon as one has ended. */
async function atOnce<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describe('objects bred from the fixtures', () => {
  it(`have the same findings in a file and in the cluster, over ${OBJECTS} that the API server takes`, async () => {
    const documents = FIXTURES.flatMap((fixture) => fixture.documents) as readonly Json[];
    const roles = documents.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
    const settings = denying(strictSettings({ policy: '', options: {} } as Fixture));
    const known = rolesFrom(roles);
    app.settings = settings;
    app.facts = () => ({ now: FIXTURE_DAY, roles: known });
    const sample = fc.sample(bred(documents), { seed: SEED, numRuns: 2 * OBJECTS });
    const told = new Map<number, readonly string[]>();
    let refused = 0;
    const untilEnough = function* (): Generator<[number, Json]> {
      for (const entry of sample.entries()) if (told.size < OBJECTS) yield entry;
    };
    await atOnce(untilEnough(), async ([number, object]) => {
      const answer = toldOf(await create(object, NAMESPACES[0]));
      if (typeof answer === 'string') refused += 1;
      else told.set(number, answer);
    });

    const scan = startScan({ settings, now: FIXTURE_DAY, namespace: NAMESPACES[0] });
    for (const role of roles) scan.add({ file: 'roles', text: JSON.stringify(role), named: true });
    for (const number of told.keys()) {
      const write = texts[number % texts.length] ?? JSON.stringify;
      scan.add({ file: String(number), text: write(sample[number] ?? {}), named: true });
    }
    const found = foundBy(scan);
    const different = [...told].flatMap(([number, answer]) => {
      const inFile = compared(found.get(String(number)) ?? []);
      const inCluster = compared(answer);
      const same = inFile.join('\n') === inCluster.join('\n');
      return same ? [] : [{ object: sample[number], inFile, inCluster }];
    });
    const findings = [...told.values()].flat();
    const hit = new Set(findings.map((text) => text.replace(/ at .*/, '')));
    process.stdout.write(
      `parity, seed ${SEED}: ${told.size} objects with ${findings.length} findings; ${refused} more that the API server refuses itself\n`,
    );

    expect(different.slice(0, 3)).toEqual([]);
    expect(told.size).toBeGreaterThanOrEqual(OBJECTS);
    const wanted = POLICIES.map(({ meta }) => meta.id).filter((id) => id !== AGE);
    expect(wanted.filter((id) => !hit.has(id))).toEqual([]);
  });
});
