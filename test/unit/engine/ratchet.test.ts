import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../src/engine/subject.ts';
import { cpuMs } from '../../support/cpu.ts';
import { verdict } from '../../support/verdicts.ts';

describe('the ratchet on what is granted', () => {
  const role = (...rules: readonly object[]): object => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'r' },
    rules: rules.map((rule) => ({
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['get'],
      ...rule,
    })),
  });
  const allowed = (after: object, before: object): boolean =>
    verdict(after, 'profile: strict', { old: subjectOf(before) }).allowed;
  const list = { verbs: ['get', 'list', 'watch'] };
  const all = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
  const bind = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'] };

  it.each([
    ['the same', role(list), role(list)],
    ['verbs in another order', role({ verbs: ['watch', 'list', 'get'] }), role(list)],
    [
      'rules in another order',
      role(list, { verbs: ['delete'] }),
      role({ verbs: ['delete'] }, list),
    ],
    ['a verb less', role({ verbs: ['get', 'list'] }), role(list)],
    ['verbs written out in place of *', role({ verbs: ['list', 'watch'] }), role({ verbs: ['*'] })],
    ['a wildcard less', role({ ...all, verbs: ['get'] }), role(all)],
    [
      'a name',
      role({ ...bind, verbs: ['escalate'], resourceNames: ['a'] }),
      role({ ...bind, verbs: ['escalate'] }),
    ],
  ])('lets a grant stay or become narrower: %s', (_, after, before) => {
    expect(verdict(after, 'profile: strict').allowed).toBe(false);
    expect(allowed(after, before)).toBe(true);
  });

  it.each([
    ['a verb more', role(list), role({ verbs: ['list'] })],
    [
      'a verb of another rule',
      role({ verbs: ['list', 'deletecollection'] }),
      role({ verbs: ['list'] }, { verbs: ['deletecollection'] }),
    ],
    ['a second rule like it', role(list, list), role(list)],
    ['a wildcard more', role(all), role({ ...all, verbs: ['list'] })],
    [
      'no name any more',
      role({ ...bind, verbs: ['escalate'] }),
      role({ ...bind, verbs: ['escalate'], resourceNames: ['a'] }),
    ],
    [
      'any name, in place of the name *',
      role({ ...bind, verbs: ['escalate'] }),
      role({ ...bind, verbs: ['escalate'], resourceNames: ['*'] }),
    ],
    [
      'another resource',
      role({ ...bind, verbs: ['escalate'] }),
      role({ ...bind, verbs: ['bind'] }),
    ],
  ])('denies one that becomes wider: %s', (_, after, before) => {
    expect(allowed(after, before)).toBe(false);
  });

  it('searches a bounded number of old grants', () => {
    const wide = Array.from({ length: 5000 }, () => list);
    const narrow = wide.map(() => ({ verbs: ['list'] }));
    let found = true;
    const took = cpuMs(() => {
      found = allowed(role(...narrow), role(...wide));
    });

    expect(found).toBe(false);
    expect(took).toBeLessThan(5000);
  });
});
