// Our reading of roles against the authorizer that every cluster has.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RoleFacts } from '../../src/engine/facts.ts';
import { builtInRules } from '../../src/rbac/built-in-roles.ts';
import { rolesFrom } from '../../src/rbac/roles.ts';
import type { PolicyRule } from '../../src/rbac/rules.ts';
import {
  READING_VERBS,
  reachingVerbs,
  SECRET_VERBS,
  unnamedVerbs,
  type SecretVerb,
} from '../../src/rbac/secret-access.ts';
import { ESCALATION } from '../../src/rbac/ways.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { AWAY, clusterRoles, createRoles, type BoundRole } from './support/authorizer.ts';
import {
  allows,
  answeredGrants,
  namesIn,
  OTHER,
  readGrants,
} from './support/authorizer-reading.ts';
import { accessReviews, inParallel, type AccessReviews } from './support/authorizer-reviews.ts';
import { generateRoles } from './support/roles.ts';

jest.setTimeout(1_200_000);

let plane: ControlPlane;
let reviews: AccessReviews;
let roles: readonly BoundRole[];
let known: RoleFacts;
beforeAll(async () => {
  // With the controller that writes the rules of aggregated ClusterRoles.
  plane = await startControlPlane({ controllerManager: true });
  reviews = accessReviews(plane);
  roles = await createRoles(plane, reviews, generateRoles());
  known = rolesFrom(roles.map(({ object }) => object));
});
afterAll(async () => {
  reviews.close();
  await plane.stop();
});

const rulesOf = ({ kind, namespace, name }: BoundRole): readonly PolicyRule[] =>
  known.rules(kind, namespace, name) ?? [];

interface Answer {
  readonly namespace: string;
  readonly verb: SecretVerb;
  readonly name: string;
  readonly allowed: boolean;
}

/** Each verb for each name, where the role is bound; elsewhere all or none of it holds, so a few are enough. */
async function answersTo(role: BoundRole): Promise<readonly Answer[]> {
  const { user, namespace } = role;
  const names = ['', OTHER, ...namesIn(rulesOf(role))];
  const here = names.flatMap((name) => SECRET_VERBS.map((verb) => ({ namespace, verb, name })));
  const elsewhere = [
    { namespace: AWAY, verb: 'list', name: '' },
    { namespace: AWAY, verb: 'get', name: names.at(-1) ?? '' },
  ] as const;
  const answers: Answer[] = [];
  for (const question of [...here, ...elsewhere]) {
    answers.push({ ...question, allowed: await reviews.isAllowed({ user, ...question }) });
  }
  return answers;
}

interface Comparison {
  readonly what: string;
  readonly authorizer: unknown;
  readonly reading: unknown;
}

function compare(role: BoundRole, answers: readonly Answer[]): readonly Comparison[] {
  const rules = rulesOf(role);
  const isWide = role.bindingKind === 'ClusterRoleBinding';
  const single = answers.map(({ namespace, verb, name, allowed }) => ({
    what: `${verb} of "${name}" in ${namespace}`,
    authorizer: allowed,
    reading: (isWide || namespace === role.namespace) && allows(rules, verb, name),
  }));
  const allowed = new Set(
    answers
      .filter((answer) => answer.allowed && answer.namespace === role.namespace)
      .map(({ verb, name }) => `${verb} ${name}`),
  );
  const names = namesIn(rules);
  const theirs = answeredGrants((verb, name) => allowed.has(`${verb} ${name}`), names);
  const grants = Object.entries(readGrants(rules, names)).map(([what, reading]) => ({
    what,
    authorizer: theirs[what],
    reading,
  }));
  return [...single, ...grants];
}

const differs = ({ authorizer, reading }: Comparison): boolean =>
  JSON.stringify(authorizer) !== JSON.stringify(reading);

describe('generated roles', () => {
  it('grant on Secrets what our reading says, verb by verb and name by name', async () => {
    const answered = await inParallel(
      roles,
      async (role) => [role, await answersTo(role)] as const,
    );
    const answers = answered.flatMap(([, each]) => each);
    const compared = answered.map(([role, each]) => [role, compare(role, each)] as const);
    const differences = compared.flatMap(([{ object }, each]) =>
      each.filter(differs).map((difference) => JSON.stringify({ ...difference, object }, null, 2)),
    );

    process.stdout.write(
      [
        `authorizer: ${roles.length} roles`,
        `${answers.length} access reviews (${answers.filter(({ allowed }) => allowed).length} allowed)`,
        `${compared.flatMap(([, each]) => each).length} comparisons`,
        `${differences.length} differences\n`,
      ].join(', '),
    );
    expect(differences.slice(0, 5).join('\n')).toBe('');
    expect(roles.length).toBeGreaterThanOrEqual(2000);
  });

  it('read Secrets in every way that counts, and in none', () => {
    const readings = roles.map((role) => readGrants(rulesOf(role), []));
    const having = (verb: SecretVerb): readonly boolean[] =>
      readings.map(({ every = [] }) => every.includes(verb));

    for (const verb of SECRET_VERBS) expect(new Set(having(verb))).toEqual(new Set([true, false]));
    expect(readings.some(({ any = [] }) => any.length === 0)).toBe(true);
    expect(
      roles.filter((role) => role.selectors.length > 0 && rulesOf(role).length > 0).length,
    ).toBeGreaterThan(20);
  });
});

describe('the table of built-in roles', () => {
  it('grants on Secrets what the roles of the API server do', async () => {
    const stock = (await clusterRoles(plane)).filter(
      ({ name }) => builtInRules(name) !== undefined,
    );
    const differences = stock.flatMap(({ name, rules }) => {
      const table = builtInRules(name) ?? [];
      const pair = [rules, table].map((each) => [unnamedVerbs(each), reachingVerbs(each)]);
      return JSON.stringify(pair[0]) === JSON.stringify(pair[1]) ? [] : [{ name, pair }];
    });

    expect(stock.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['admin', 'edit', 'view']),
    );
    expect(differences).toEqual([]);
  });

  it('is joined by a name for every other role that reads all Secrets, which to bind is to gain them', async () => {
    const bind = ESCALATION.find(
      ({ resource, verbs }) => resource === 'clusterroles' && verbs.includes('bind'),
    );
    const reading = (await clusterRoles(plane)).filter(
      ({ name, rules }) =>
        !name.startsWith('generated-') &&
        unnamedVerbs(rules).some((verb) => READING_VERBS.has(verb)),
    );

    expect(reading.length).toBeGreaterThan(5);
    expect(reading.filter(({ name }) => bind?.evenNamed?.(name) !== true)).toEqual([]);
  });

  it('has every role that the API server makes for users and for everybody', async () => {
    const names = (await clusterRoles(plane)).map(({ name }) => name);
    const missing = names.filter(
      (name) => builtInRules(name) === undefined && !/^(?:generated-|system:)/.test(name),
    );

    expect(missing).toEqual([]);
  });
});
