import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../src/engine/subject.ts';
import { audienceOf } from '../../../src/rbac/audience.ts';
import { boundSubjects, type Identity } from '../../../src/rbac/bindings.ts';

function identity(subject: object): Identity | undefined {
  const binding = { kind: 'RoleBinding', metadata: { namespace: 'here' }, subjects: [subject] };
  return boundSubjects(subjectOf(binding))[0]?.identity;
}

const account = (namespace: string, name: string): Identity => ({
  kind: 'ServiceAccount',
  namespace,
  name,
});

describe('boundSubjects', () => {
  it.each([
    [{ kind: 'ServiceAccount', name: 'app', namespace: 'a' }, account('a', 'app')],
    [{ kind: 'ServiceAccount', name: 'app' }, account('here', 'app')],
    [{ kind: 'ServiceAccount', name: 'app', namespace: '' }, account('here', 'app')],
    [{ kind: 'User', name: 'system:serviceaccount:a:app' }, account('a', 'app')],
    [
      { kind: 'User', name: 'jane' },
      { kind: 'User', namespace: '', name: 'jane' },
    ],
    [
      { kind: 'Group', name: 'x' },
      { kind: 'Group', namespace: '', name: 'x' },
    ],
    [{ kind: 'Robot', name: 'x' }, undefined],
    [{}, undefined],
  ])('lets in for %j', (subject, expected) => {
    expect(identity(subject)).toEqual(expected);
  });

  it.each(['system:serviceaccount:a', 'system:serviceaccount:a:b:c', 'system:node:a:b', 'a:b:c:d'])(
    'takes the user %s for no ServiceAccount',
    (name) => {
      expect(identity({ kind: 'User', name })).toEqual({ kind: 'User', namespace: '', name });
    },
  );
});

describe('audienceOf', () => {
  const group = (name: string): Identity => ({ kind: 'Group', namespace: '', name });
  const user = (name: string): Identity => ({ kind: 'User', namespace: '', name });

  it.each([
    group('system:authenticated'),
    group('system:serviceaccounts'),
    group('system:serviceaccounts:a'),
    account('a', 'default'),
  ])('knows a crowd in $kind $name', (who) => {
    expect(audienceOf(who)?.anonymous).toBe(false);
  });

  it.each([group('system:unauthenticated'), user('system:anonymous')])(
    'knows anyone in $kind $name',
    (who) => {
      expect(audienceOf(who)?.anonymous).toBe(true);
    },
  );

  it.each([
    user('default'),
    user('system:authenticated'),
    group('system:anonymous'),
    group('default'),
    group('developers'),
    account('a', 'app'),
  ])('knows one in $kind $name', (who) => {
    expect(audienceOf(who)).toBeUndefined();
  });
});
