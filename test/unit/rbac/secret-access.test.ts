import { describe, expect, it } from '@jest/globals';
import type { PolicyRule } from '../../../src/rbac/rules.ts';
import {
  reachingVerbs,
  SECRET_VERBS,
  secretAccess,
  unnamedVerbs,
} from '../../../src/rbac/secret-access.ts';

const rule = (verbs: string[], resourceNames: string[] = []): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames,
});

describe('secretAccess', () => {
  it('grants every verb on every Secret by a wildcard', () => {
    expect(secretAccess(rule(['*']))).toEqual({ unnamed: SECRET_VERBS, named: [], names: [] });
  });

  it('binds every verb to the names, but deletecollection, which never carries one', () => {
    expect(secretAccess(rule(['*'], ['db']))).toEqual({
      unnamed: [],
      named: SECRET_VERBS.filter((verb) => verb !== 'deletecollection'),
      names: ['db'],
    });
  });

  it('leaves requests without a name open by an empty resourceName', () => {
    expect(secretAccess(rule(['*'], [''])) ?? {}).toEqual({
      unnamed: ['list', 'watch', 'create', 'deletecollection'],
      named: [],
      names: [],
    });
    expect(secretAccess(rule(['get', 'list'], ['', 'db']))).toEqual({
      unnamed: ['list'],
      named: ['get', 'list'],
      names: ['db'],
    });
  });

  it.each([
    ['a verb that Secrets do not have', rule(['bind'])],
    ['get of the empty name', rule(['get'], [''])],
    ['deletecollection of a name', rule(['deletecollection'], ['db'])],
    ['another group', { ...rule(['get']), apiGroups: ['my.group'] }],
    ['another resource', { ...rule(['get']), resources: ['configmaps', 'secrets/status'] }],
  ])('grants nothing by %s', (_, granted) => {
    expect(secretAccess(granted)).toBeUndefined();
  });
});

it('adds up the rules of a role, each by itself', () => {
  const rules = [rule(['list']), rule(['get'], ['db']), { ...rule(['*']), resources: ['pods'] }];

  expect(unnamedVerbs(rules)).toEqual(['list']);
  expect(reachingVerbs(rules)).toEqual(['get', 'list']);
});
