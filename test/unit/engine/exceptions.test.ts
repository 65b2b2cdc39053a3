import { describe, expect, it } from '@jest/globals';
import type { Requester } from '../../../src/engine/subject.ts';
import { pod } from '../../support/reviews.ts';
import { told, verdict } from '../../support/verdicts.ts';

const REF = 'valueFrom.secretKeyRef';

describe('exceptions', () => {
  const entryText = (changes: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({
      policies: ['secret-env-ref'],
      kind: 'Pod',
      namespace: 'shop',
      name: 'checkout',
      paths: ['spec.containers[app].env[*]'],
      owner: 'team-shop',
      reason: 'legacy',
      expires: '2026-12-31',
      ...changes,
    });
  const entry = (changes: Readonly<Record<string, unknown>> = {}): string =>
    `exceptions: [${entryText(changes)}]`;
  const messages = (yaml: string): string[] =>
    verdict(pod(), yaml)
      .findings.filter(({ policy }) => policy === 'secret-env-ref')
      .map(({ message }) => message);
  const jane: Requester = { username: 'jane', groups: ['shop-admins'] };
  const mode = (yaml: string, requester?: Requester, object: unknown = pod()): string | undefined =>
    told(object, yaml, requester === undefined ? {} : { requester })[0]
      ?.split(' ')
      .slice(2)
      .join(' ');

  it.each([
    ['as written', {}],
    ['the whole object', { paths: ['*'] }],
    ['a place above', { paths: ['spec.containers[app]'] }],
    ['the exact place', { paths: [`spec.containers[app].env[DB_PASSWORD].${REF}`] }],
    ['any item', { paths: ['spec.containers[*].env[DB_PASSWORD]'] }],
    ['its last day', { expires: '2026-11-24' }],
    ['one of several policies', { policies: ['secret-env-from', 'secret-env-ref'] }],
  ])('holds: %s', (_, changes) => {
    expect(mode(entry(changes))).toBe('audit exception');
    expect(
      verdict(pod(), entry(changes)).findings.find(({ policy }) => policy === 'secret-env-ref'),
    ).toMatchObject({ exception: { owner: 'team-shop' } });
  });

  it.each([
    ['another policy', { policies: ['secret-env-from'] }],
    ['another kind', { kind: 'Deployment' }],
    ['the kind in another group', { apiGroup: 'example.com' }],
    ['another namespace', { namespace: 'other' }],
    ['another name', { name: 'check' }],
    ['another container', { paths: ['spec.containers[side].env[*]'] }],
    ['another list', { paths: ['spec.initContainers[app]'] }],
    ['a place below', { paths: [`spec.containers[app].env[DB_PASSWORD].${REF}.name`] }],
    ['an expiry that has passed', { expires: '2026-11-23' }],
  ])('does not hold: %s', (_, changes) => {
    expect(mode(entry(changes))).toBe('deny');
  });

  it.each([
    ['alone', [{ expires: '2026-11-23' }], 'team-shop', '2026-11-23'],
    [
      'the last of several',
      [
        { expires: '2026-10-31', owner: 'team-old' },
        { expires: '2026-11-22', owner: 'team-\u001b' },
        { expires: '2026-11-01' },
      ],
      'team-\\u{1b}',
      '2026-11-22',
    ],
  ])('that has ended is told with the finding: %s', (_, changes, owner, day) => {
    const yaml = `exceptions: [${changes.map(entryText).join(', ')}]`;
    const [message] = messages(yaml);

    expect(message).toMatch(/a rotation does not reach it; the exception/);
    expect(message?.endsWith(`; the exception of ${owner} ended with ${day} (UTC)`)).toBe(true);
  });

  it('that has ended is not told beside one that holds, nor one of another place', () => {
    for (const changes of [{ expires: '2026-11-24' }, { paths: ['spec.initContainers[*]'] }]) {
      const both = [changes, { expires: '2026-11-23', ...changes }].map(entryText);
      const [message] = messages(`exceptions: [${both.join(', ')}]`);

      expect(message).not.toContain('exception');
    }
  });

  it.each([
    ['the user', { users: ['jane'] }, jane, 'audit exception'],
    ['the group', { groups: ['shop-admins'] }, jane, 'audit exception'],
    ['another user', { users: ['joe'] }, jane, 'deny'],
    ['another group', { groups: ['admins'] }, jane, 'deny'],
    ['nobody known', { users: ['jane'] }, undefined, 'deny'],
  ] as const)('a prefix holds only for who asks: %s', (_, requestedBy, requester, wanted) => {
    const prefix = { name: undefined, namePrefix: 'check', requestedBy };

    expect(mode(entry(prefix), requester)).toBe(wanted);
    expect(mode(entry({ requestedBy }), requester)).toBe(wanted);
  });

  it.each([
    [
      'labels',
      {
        labels: {
          'hushgate.dev/exempt': 'true',
          'rbac.authorization.kubernetes.io/autoupdate': 'true',
        },
      },
    ],
    ['annotations', { annotations: { 'hushgate.dev/skip': 'secret-env-ref', owner: 'team-shop' } }],
    [
      'ownerReferences',
      {
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: 'checkout',
            uid: 'x',
            controller: true,
          },
        ],
      },
    ],
    ['generateName', { name: undefined, generateName: 'checkout' }],
    ['an empty name', { name: '' }],
  ])('nothing that the author writes in %s gets anything through', (_, metadata) => {
    const object = pod(undefined, { name: 'forged', ...metadata });

    expect(mode(entry({}), jane, object)).toBe('deny');
    expect(
      mode(
        entry({ name: undefined, namePrefix: 'c', requestedBy: { users: ['joe'] } }),
        jane,
        object,
      ),
    ).toBe('deny');
  });
});
