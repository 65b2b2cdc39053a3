// Every fixture of every admission policy through the API server of a cluster that has the chart as users install it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { defineCustomKinds } from '../test/integration/support/crds.ts';
import { REJECTED, REWRITTEN } from '../test/integration/support/rejected-fixtures.ts';
import type { ApiResponse } from '../test/integration/harness/request.ts';
import { admissionPolicies, fixturesOf, type Fixture } from '../test/support/fixtures.ts';
import { endpoint } from './support/api.ts';
import { apply } from './support/apply.ts';
import { install, providedTls, reset } from './support/chart.ts';
import { expectedPaths, hasOwnFacts, rejection, toldPaths } from './support/fixture-verdict.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl } from './support/shell.ts';

jest.setTimeout(240_000);

const counts = { asInFile: 0, otherFacts: 0, rewritten: 0, rejected: 0, findings: 0 };

beforeAll(async () => {
  await reset();
  await kubectl('delete', '--ignore-not-found', '-f', 'test/crds');
  const custom = await defineCustomKinds(await endpoint());
  await makeNamespace('fixtures');
  const listed = admissionPolicies.flatMap(({ meta }) => meta.appliesTo.resources);
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
  const rewritten = REWRITTEN[fixture.file];
  const facts = hasOwnFacts(fixture) ? 'otherFacts' : 'asInFile';
  counts[rewritten === undefined ? facts : 'rewritten'] += 1;
  expect(told).toEqual(rewritten ?? expectedPaths(fixture));
}

describe.each(admissionPolicies.map(({ meta }) => meta.id))('%s', (id) => {
  it('finds in a cluster what it finds in its fixtures', async () => {
    for (const fixture of fixturesOf(id)) {
      await check(fixture).catch((cause: unknown) => {
        throw new Error(fixture.file, { cause });
      });
    }
  });
});

it('most fixtures need no other facts than the cluster has', () => {
  expect(counts.asInFile).toBeGreaterThan(5 * counts.otherFacts);
});
