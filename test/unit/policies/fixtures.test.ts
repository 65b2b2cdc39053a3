import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { judge, type JudgedFinding, type Verdict } from '../../../src/engine/judge.ts';
import { profileMode, type PolicyModule } from '../../../src/engine/policy.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { namespacesSeen } from '../../../src/kubernetes/isolation.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { rolesFrom } from '../../../src/rbac/roles.ts';
import {
  FIXTURE_DAY,
  fixturesOf,
  strictSettings,
  type Expected,
  type Fixture,
} from '../../support/fixtures.ts';

function verdictsOf(fixture: Fixture): Verdict[] {
  const subjects = fixture.documents.map((document) => subjectOf(document, { origin: 'file' }));
  const namespaces = namespacesSeen();
  for (const subject of subjects) namespaces.add(subject);
  const facts = { now: FIXTURE_DAY, roles: rolesFrom(fixture.documents), namespaces };
  const settings = strictSettings(fixture);
  return subjects.map((subject) => judge({ subject }, settings, facts));
}

const expectedOf = ({ messageId, path, container }: JudgedFinding): Expected => ({
  message: messageId,
  path,
  ...(container === undefined ? {} : { container }),
});

describe.each(catalogue.map((policy) => [policy.meta.id, policy] as const))('%s', (id, policy) => {
  const fixtures = fixturesOf(id);

  for (const fixture of fixtures)
    it(fixture.file, () => {
      const verdicts = verdictsOf(fixture);
      const own = verdicts.flatMap(({ findings }) =>
        findings.filter((found) => found.policy === id),
      );
      const gaps = verdicts.flatMap(({ unjudged }) =>
        unjudged.filter((gap) => gap.policy === id || gap.policy === ''),
      );

      expect(own.map(expectedOf)).toEqual(fixture.expected);
      expect(gaps.map(({ path }) => path)).toEqual(fixture.notJudged);
      expect(own.length > 0).toBe(fixture.verdict === 'fail');
      for (const { policyMode } of own) expect(policyMode).toBe(profileMode(policy.meta, 'strict'));
    });

  it('has fixtures that pass and fixtures that fail, and each of its messages is shown', () => {
    const shown = new Set(
      fixtures.flatMap(({ expected }) => expected.map(({ message }) => message)),
    );
    const least = /^(workloads|rbac|posture)$/.test(groupOf(policy) ?? '') ? 5 : 2;

    expect(fixtures.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(
      least,
    );
    expect(fixtures.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThanOrEqual(
      least,
    );
    expect([...shown].sort()).toEqual(Object.keys(policy.meta.messages).sort());
  });
});

function groupOf({ meta }: PolicyModule): string | undefined {
  return readdirSync('src/policies').find((group) =>
    existsSync(`src/policies/${group}/${meta.id}.ts`),
  );
}

it('keeps no fixtures for a policy that is not there', () => {
  const ids = catalogue.map(({ meta }) => meta.id).sort();

  expect(readdirSync('test/policies').sort()).toEqual(ids);
});
