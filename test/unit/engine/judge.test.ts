import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../src/engine/subject.ts';
import { harmless, leaky, pod } from '../../support/reviews.ts';
import { told, verdict } from '../../support/verdicts.ts';

const REF = 'valueFrom.secretKeyRef';
const update = (object: unknown, old: unknown, yaml = ''): string[] =>
  told(object, yaml, { old: subjectOf(old) });

describe('modes', () => {
  it.each([
    ['', 'deny'],
    ['profile: strict', 'deny'],
    ['profile: permissive', 'warn'],
    ['policies: { secret-env-ref: { mode: warn } }', 'warn'],
    ['profile: permissive\npolicies: { secret-env-ref: { mode: audit } }', 'audit'],
    ['namespaces: [{ match: [shop], policies: { secret-env-ref: audit } }]', 'audit'],
    ['namespaces: [{ match: ["sh*"], profile: permissive }]', 'warn'],
    [
      'namespaces: [{ match: ["*"], policies: { secret-env-ref: warn } }, { match: [shop], profile: strict }]',
      'deny',
    ],
    [
      'namespaces: [{ match: [shop], profile: strict, policies: { secret-env-ref: warn } }]',
      'warn',
    ],
    [
      'namespaces: [{ match: [sho, "shop-*", "*x", "s.op"], policies: { secret-env-ref: off } }]',
      'deny',
    ],
  ])('%s: %s', (yaml, mode) => {
    expect(told(pod(), yaml)).toEqual([`secret-env-ref spec.containers[0].env[0].${REF} ${mode}`]);
  });

  it('off leaves the policy out', () => {
    expect(told(pod(), 'policies: { secret-env-ref: { mode: off } }')).toEqual([]);
    expect(told(pod(), 'policies: { secret-env-ref: { mode: false } }')).toEqual([]);
    expect(
      told(pod(), 'namespaces: [{ match: [shop], policies: { secret-env-ref: "off" } }]'),
    ).toEqual([]);
  });

  it('an entry for namespaces never reaches cluster-scoped objects', () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'lister' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    };
    const { findings } = verdict(role, 'namespaces: [{ match: ["*"], profile: permissive }]');

    expect(findings).toMatchObject([
      { policy: 'rbac-secrets-list-watch', path: 'rules[0]', mode: 'deny' },
    ]);
  });

  it('dryRun turns deny into warn and leaves the rest', () => {
    expect(told(pod(), 'dryRun: true')).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} warn dry-run`,
    ]);
    expect(told(pod(), 'dryRun: true\nprofile: permissive')).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} warn`,
    ]);
  });

  it('what a controller makes from a template is audited', () => {
    expect(told(pod(), '', { auditOnly: true })).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} audit controller`,
    ]);
    expect(verdict(pod(), '', { auditOnly: true }).allowed).toBe(true);
  });
});

describe('the ratchet', () => {
  const spec = (...containers: readonly object[]): object => pod({ containers });

  it('lets an old finding stay, with a warning', () => {
    expect(update(pod(), pod())).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} warn ratchet`,
    ]);
  });

  it('denies a new finding beside an old one', () => {
    expect(update(spec(leaky('app'), leaky('side')), spec(leaky('app'), harmless('side')))).toEqual(
      [
        `secret-env-ref spec.containers[1].env[0].${REF} deny`,
        `secret-env-ref spec.containers[0].env[0].${REF} warn ratchet`,
      ],
    );
  });

  it('follows an item when its list is reordered', () => {
    const before = spec(leaky('app'), harmless('side'));
    const after = spec(harmless('side'), leaky('app'));

    expect(update(after, before)).toEqual([
      `secret-env-ref spec.containers[1].env[0].${REF} warn ratchet`,
    ]);
  });

  it('takes the same env var for new when it turns to another Secret', () => {
    expect(update(spec(leaky('app', 'other')), spec(leaky('app', 'db')))).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} deny`,
    ]);
  });

  it.each([
    ['key', { secretKeyRef: { name: 'db', key: 'other' } }, 'PASSWORD'],
    ['variable', { secretKeyRef: { name: 'db', key: 'password' } }, 'OTHER'],
  ])('takes another %s for new', (_, valueFrom, name) => {
    const one = (variable: string, from: object): object =>
      spec({ ...harmless('app'), env: [{ name: variable, valueFrom: from }] });
    const before = one('PASSWORD', { secretKeyRef: { name: 'db', key: 'password' } });

    expect(update(one(name, valueFrom), before)).toEqual([
      `secret-env-ref spec.containers[0].env[0].${REF} deny`,
    ]);
  });

  it('takes the same reference in another container, or container class, for new', () => {
    expect(update(spec(leaky('other')), spec(leaky('app')))[0]).toMatch(/ deny$/);
    expect(
      update(
        pod({ initContainers: [leaky('app')], containers: [harmless('main')] }),
        pod({ containers: [leaky('app')] }),
      )[0],
    ).toMatch(/ deny$/);
  });

  it('counts: a second one like the first is new', () => {
    const twice = {
      ...leaky('app'),
      env: [0, 1].map(() => ({ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'k' } } })),
    };
    const once = { ...twice, env: twice.env.slice(1) };

    expect(update(spec(twice), spec(once)).map((line) => line.split(' ')[2])).toEqual([
      'deny',
      'warn',
    ]);
    expect(update(spec(once), spec(twice)).map((line) => line.split(' ')[2])).toEqual(['warn']);
  });

  it('takes another object, kind or policy for new', () => {
    const renamed = pod(undefined, { name: 'other' });

    expect(update(renamed, pod())[0]).toMatch(/ deny$/);
    const from = pod({
      containers: [{ ...harmless('app'), envFrom: [{ secretRef: { name: 'db' } }] }],
    });
    expect(update(from, pod())[0]).toMatch(/^secret-env-from .* deny$/);
  });

  it('lets what could not be judged before stay, and denies what is new', () => {
    const odd = pod({ containers: 'text' });
    const strict = 'onError: deny';

    expect(verdict(odd, strict).allowed).toBe(false);
    expect(verdict(odd, strict, { old: subjectOf(odd) }).allowed).toBe(true);
    expect(verdict(odd, strict, { old: subjectOf(pod()) }).allowed).toBe(false);
  });
});

describe('what is told of one place', () => {
  const role = (...verbs: readonly string[]): unknown => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'r', namespace: 'shop' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs }],
  });
  const policies = (object: unknown, yaml = ''): string[] =>
    verdict(object, yaml).findings.map(({ policy }) => policy);

  it('is the stronger policy alone', () => {
    expect(policies(role('get', 'list'))).toEqual(['rbac-secrets-list-watch']);
    expect(policies(role('get'))).toEqual(['rbac-secrets-unnamed']);
  });

  it('is the weaker one too where the stronger counts for less', () => {
    const off = 'policies: { rbac-secrets-list-watch: { mode: "off" } }';
    const audit =
      'policies: { rbac-secrets-list-watch: { mode: audit }, rbac-secrets-unnamed: { mode: deny } }';

    expect(policies(role('get', 'list'), off)).toEqual(['rbac-secrets-unnamed']);
    expect(policies(role('get', 'list'), audit)).toEqual([
      'rbac-secrets-unnamed',
      'rbac-secrets-list-watch',
    ]);
  });
});

describe('what is not known', () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'theirs' },
    subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
  };
  const gaps = (yaml: string): string[] =>
    verdict(binding, yaml)
      .unjudged.filter(({ policy }) => policy === 'rbac-secrets-cluster-wide')
      .map(({ path, mode, message }) => `${path} ${mode} ${message}`);

  it('is a warning, never a denial and never silent', () => {
    const told = 'roleRef warn ClusterRole theirs is not known here';

    expect(gaps('')).toEqual([told]);
    expect(gaps('profile: strict')).toEqual([told]);
    expect(verdict(binding, 'profile: strict').allowed).toBe(true);
    expect(gaps('policies: { rbac-secrets-cluster-wide: { mode: audit } }')[0]).toContain(
      ' audit ',
    );
    expect(gaps('policies: { rbac-secrets-cluster-wide: { mode: "off" } }')).toEqual([]);
  });
});
