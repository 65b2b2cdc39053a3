// Every fixture of every policy through the API server of a cluster that has the chart as users install it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { catalogue } from '../src/policies/catalogue.ts';
import { defineCustomKinds, servedAs } from '../test/integration/support/crds.ts';
import { REJECTED, REWRITTEN } from '../test/integration/support/rejected-fixtures.ts';
import type { ApiResponse } from '../test/integration/harness/request.ts';
import { fixturesOf, type Fixture } from '../test/support/fixtures.ts';
import { api, endpoint } from './support/api.ts';
import { install, providedTls, reset } from './support/chart.ts';
import {
  describeDocument,
  expectedPaths,
  rejection,
  toldPaths,
} from './support/fixture-verdict.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl } from './support/shell.ts';

jest.setTimeout(240_000);

const counts = { asInFile: 0, otherFacts: 0, rewritten: 0, rejected: 0, findings: 0 };

beforeAll(async () => {
  await reset();
  await kubectl('delete', '--ignore-not-found', '-f', 'test/crds');
  const custom = await defineCustomKinds(await endpoint());
  await makeNamespace('fixtures');
  const listed = catalogue.flatMap(({ meta }) => meta.appliesTo.resources);
  const customWorkloads = custom.filter(
    ({ group, resource }) =>
      !listed.some((each) => each.group === group && each.resource === resource),
  );
  await install({
    ...(await providedTls()),
    config: { profile: 'strict' },
    webhook: { failurePolicy: 'Fail', customWorkloads, excludedNamespaces: [] },
  });
  await untilProbe('fixtures', /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  process.stderr.write(`fixtures on kind: ${JSON.stringify(counts)}\n`);
  await reset();
  await kubectl('delete', '--ignore-not-found', '-f', 'test/crds');
  await kubectl('delete', 'namespace', 'fixtures', '--wait=false');
});

const prepared = new Set(['fixtures']);

async function prepare(namespace: string, account: string | undefined): Promise<void> {
  if (!prepared.has(namespace)) await makeNamespace(namespace);
  prepared.add(namespace);
  if (account === undefined || prepared.has(`${namespace}/${account}`)) return;
  prepared.add(`${namespace}/${account}`);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } };
  expect([201, 409]).toContain((await api({ method: 'POST', path, body })).status);
}

/** Creates an object as far as storage: all of admission, nothing kept. */
async function apply(document: unknown): Promise<ApiResponse> {
  const { apiVersion, kind, namespace, serviceAccount } = describeDocument(document);
  const served = await servedAs(await endpoint(), apiVersion, kind);
  if (served === undefined)
    throw new Error(`no ${apiVersion} ${kind}: give it a stub in test/crds`);
  if (served.namespaced) await prepare(namespace, serviceAccount);
  const path = [
    apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
    ...(served.namespaced ? ['namespaces', namespace] : []),
    served.resource,
  ].join('/');
  return api({ method: 'POST', path, body: document, query: { dryRun: 'All' } });
}

async function check(fixture: Fixture): Promise<void> {
  const answers: ApiResponse[] = [];
  for (const document of fixture.documents) answers.push(await apply(document));
  const [reason] = answers.flatMap((answer) => rejection(answer) ?? []);
  const listed = REJECTED[fixture.file];
  if (reason !== undefined || listed !== undefined) {
    counts.rejected += 1;
    expect(reason).toContain(listed ?? 'a reason that REJECTED lists');
    return;
  }
  const told = answers.flatMap((answer) => toldPaths(fixture.policy, answer)).sort();
  counts.findings += told.length;
  const expected = REWRITTEN[fixture.file] ?? expectedPaths(fixture);
  const inFile = fixture.expected.map(({ path }) => path).sort();
  const like = expected.join() === inFile.join() ? 'asInFile' : 'otherFacts';
  counts[REWRITTEN[fixture.file] === undefined ? like : 'rewritten'] += 1;
  expect(told).toEqual(expected);
}

describe.each(catalogue.map(({ meta }) => meta.id))('%s', (id) => {
  it('finds in a cluster what it finds in its fixtures', async () => {
    for (const fixture of fixturesOf(id)) {
      await check(fixture).catch((cause: unknown) => {
        throw new Error(fixture.file, { cause });
      });
    }
  });
});

it('most fixtures need no other facts than the cluster has', () => {
  expect(counts.asInFile).toBeGreaterThan(9 * counts.otherFacts);
});
