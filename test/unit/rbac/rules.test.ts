import { describe, expect, it } from '@jest/globals';
import { Field } from '../../../src/engine/field.ts';
import {
  coversResource,
  coversVerb,
  isUnbound,
  rulesOf,
  SECRETS,
  wildcards,
  words,
  type PolicyRule,
} from '../../../src/rbac/rules.ts';

const ruleOn = (resources: string[], apiGroups = ['']): PolicyRule => ({
  verbs: ['get'],
  apiGroups,
  resources,
  resourceNames: [],
});
const EXEC = { group: '', resource: 'pods', subresource: 'exec' };

describe('coversResource', () => {
  it.each([['secrets'], ['*']])('takes %s for secrets', (resource) => {
    expect(coversResource(ruleOn([resource]), SECRETS)).toBe(true);
  });

  it.each([
    ['secrets/*'],
    ['*/*'],
    ['secrets/status'],
    ['*/secrets'],
    ['Secrets'],
    ['secret'],
    [''],
    ['/'],
  ])('takes "%s" for something else', (resource) => {
    expect(coversResource(ruleOn([resource]), SECRETS)).toBe(false);
  });

  it.each([
    ['pods/exec', true],
    ['*/exec', true],
    ['*', true],
    ['pods', false],
    ['pods/*', false],
    ['*/*', false],
  ])('reads %s as covering pods/exec: %s', (resource, covered) => {
    expect(coversResource(ruleOn([resource]), EXEC)).toBe(covered);
  });

  it.each([
    ['', true],
    ['*', true],
    ['v1', false],
    ['core', false],
    ['my.group', false],
  ])('reads the group "%s" as the core group: %s', (group, covered) => {
    expect(coversResource(ruleOn(['secrets'], [group]), SECRETS)).toBe(covered);
  });
});

describe('coversVerb', () => {
  it('knows * and the exact verb alone', () => {
    expect(coversVerb({ ...ruleOn([]), verbs: ['*'] }, 'list')).toBe(true);
    expect(coversVerb({ ...ruleOn([]), verbs: ['list'] }, 'list')).toBe(true);
    expect(coversVerb({ ...ruleOn([]), verbs: ['LIST', 'list*', ''] }, 'list')).toBe(false);
  });
});

describe('isUnbound', () => {
  it.each([
    { names: [], withName: true, without: true },
    { names: [''], withName: false, without: true },
    { names: ['db'], withName: false, without: false },
    { names: ['db', ''], withName: false, without: true },
    { names: ['*'], withName: false, without: false },
  ])('of resourceNames $names', ({ names, withName, without }) => {
    const rule = { ...ruleOn([]), resourceNames: names };

    expect(isUnbound(rule, true)).toBe(withName);
    expect(isUnbound(rule, false)).toBe(without);
  });
});

describe('rulesOf', () => {
  it('reads absent and null lists as empty', () => {
    const role = Field.root({ rules: [{ verbs: ['get'], resources: null }] });

    expect(rulesOf(role)).toMatchObject([
      { verbs: ['get'], apiGroups: [], resources: [], resourceNames: [] },
    ]);
    expect(role.problems).toEqual([]);
  });

  it.each([[null], [{}], [{ rules: null }], [[]]])('finds no rules in %j', (object) => {
    expect(rulesOf(Field.root(object))).toEqual([]);
  });

  it('notes what has a wrong type', () => {
    const role = Field.root({ rules: [{ verbs: 'get', resources: [1, 'secrets'] }] });

    expect(rulesOf(role)).toMatchObject([{ verbs: [], resources: ['secrets'] }]);
    expect(role.problems.map(({ expected }) => expected)).toEqual(['list', 'string']);
  });
});

it('tells in which lists a wildcard stands', () => {
  expect(wildcards(ruleOn(['*'], ['*']))).toEqual(['resources', 'apiGroups']);
  expect(wildcards(ruleOn(['*/*', 'pods/*']))).toEqual([]);
});

it('gives the words of a list sorted and once', () => {
  const [rule] = rulesOf(Field.root({ rules: [{ verbs: ['watch', 'get', 'watch'] }] }));

  expect(rule === undefined ? undefined : words(rule, 'verbs')).toEqual(['get', 'watch']);
});
