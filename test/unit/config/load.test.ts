import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import {
  ConfigurationError,
  defaultSettings,
  loadConfiguration,
} from '../../../src/config/load.ts';
import { modesIn } from '../../../src/engine/settings.ts';

const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';
const EXCEPTION = {
  policies: ['rbac-secrets-list-watch'],
  kind: 'ClusterRole',
  name: 'cert-manager-controller',
  paths: ['rules[*]'],
  owner: 'platform',
  reason: 'it manages TLS Secrets',
  expires: '2027-01-31',
};

function mistakes(text: string): readonly string[] {
  try {
    loadConfiguration(text, 'hushgate.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

const exception = (changes: Readonly<Record<string, unknown>>): string =>
  `${HEAD}exceptions:\n- ${JSON.stringify({ ...EXCEPTION, ...changes })}\n`;

describe('a configuration', () => {
  it('without anything has the defaults', () => {
    const { profile, dryRun, onError, controllerPods, exceptions } = loadConfiguration(HEAD, 'c');

    expect({ profile, dryRun, onError, controllerPods, exceptions }).toEqual({
      profile: 'baseline',
      dryRun: false,
      onError: 'warn',
      controllerPods: 'audit',
      exceptions: [],
    });
    expect(defaultSettings()).toMatchObject({ profile: 'baseline', onError: 'warn' });
  });

  it('strict denies what it cannot judge, unless told otherwise', () => {
    expect(loadConfiguration(`${HEAD}profile: strict`, 'c').onError).toBe('deny');
    expect(loadConfiguration(`${HEAD}profile: strict\nonError: warn`, 'c').onError).toBe('warn');
  });

  it('says what it is all about in the example', () => {
    const settings = loadConfiguration(readFileSync('examples/hushgate.yaml', 'utf8'), 'c');

    expect(settings.exceptions.length).toBeGreaterThan(0);
    expect(modesIn(settings, 'sandbox-1').get('secret-env-ref')).toBe('warn');
    expect(modesIn(settings, 'shop').get('secret-env-ref')).toBe('deny');
  });

  it('reads an exception with its expiry at the end of its day', () => {
    expect(loadConfiguration(exception({}), 'c').exceptions).toEqual([
      {
        policies: ['rbac-secrets-list-watch'],
        group: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        namespace: '',
        name: { exact: 'cert-manager-controller' },
        paths: [['rules', '*']],
        owner: 'platform',
        reason: 'it manages TLS Secrets',
        expires: Date.UTC(2027, 1, 1),
      },
    ]);
  });
});

describe('a mistake is told with its line and column', () => {
  it.each([
    ['', 'hushgate.yaml: has 0 documents, not one'],
    [`${HEAD}---\n${HEAD}`, 'hushgate.yaml: has 2 documents, not one'],
    [`${HEAD}profile: [strict`, 'hushgate.yaml:3:17: is no YAML: '],
    [
      `${HEAD}profile: strict\nprofile: baseline`,
      'hushgate.yaml:4:1: is no YAML: duplicated mapping key',
    ],
    ['kind: HushgateConfiguration', "hushgate.yaml:1:1: must have required property 'apiVersion'"],
    [HEAD.replace('v1alpha1', 'v1'), 'hushgate.yaml:1:1: apiVersion must be hushgate.dev/v1alpha1'],
    [
      `${HEAD}profile: loose`,
      'hushgate.yaml:3:1: profile must be one of permissive, baseline, strict',
    ],
    [`${HEAD}policy: {}`, 'hushgate.yaml:3:1: policy is not known here'],
    [
      `${HEAD}policies:\n  secret-env-reff: { mode: warn }`,
      'hushgate.yaml:4:3: policies.secret-env-reff is not known here',
    ],
    [
      `${HEAD}policies:\n  secret-env-ref:\n    mode: denied`,
      'hushgate.yaml:5:5: policies.secret-env-ref.mode must be one of off, audit, warn, deny, false',
    ],
    [`${HEAD}policies:\n  "a/b~c": {}`, 'hushgate.yaml:4:3: policies.a/b~c is not known here'],
    [
      `${HEAD}namespaces:\n- policies: {}`,
      "hushgate.yaml:4:3: namespaces.0 must have required property 'match'",
    ],
    [`${HEAD}dryRun: "yes"`, 'hushgate.yaml:3:1: dryRun must be boolean'],
    [
      exception({ owner: undefined }),
      "hushgate.yaml:4:3: exceptions.0 must have required property 'owner'",
    ],
    [
      exception({ reason: undefined }),
      "hushgate.yaml:4:3: exceptions.0 must have required property 'reason'",
    ],
    [
      exception({ expires: undefined }),
      "hushgate.yaml:4:3: exceptions.0 must have required property 'expires'",
    ],
    [
      exception({ paths: undefined }),
      "hushgate.yaml:4:3: exceptions.0 must have required property 'paths'",
    ],
    [exception({ labels: {} }), 'exceptions.0.labels is not known here'],
    [exception({ expires: 'never' }), 'exceptions.0.expires must match pattern'],
    [exception({ expires: '2027-02-31' }), 'exceptions.0.expires is no day of the calendar'],
    [
      exception({ paths: ['rules[0]'] }),
      'exceptions.0.paths.0 is no path: write list items by their name or as [*]',
    ],
    [exception({ name: undefined }), 'exceptions.0 needs either name or namePrefix'],
    [exception({ namePrefix: 'a' }), 'exceptions.0 needs either name or namePrefix'],
    [exception({ name: undefined, namePrefix: 'a' }), 'exceptions.0.namePrefix needs requestedBy'],
    [
      exception({ requestedBy: {} }),
      'exceptions.0.requestedBy must NOT have fewer than 1 properties',
    ],
    [
      exception({ namespace: 'x' }),
      'exceptions.0.namespace must be left out: ClusterRole is cluster-scoped',
    ],
    [exception({ kind: 'Role' }), 'exceptions.0 needs a namespace: Role is namespaced'],
    [exception({ kind: 'Rollout' }), 'exceptions.0.kind is not built in: say its apiGroup too'],
  ])('%j', (text, wanted) => {
    expect(mistakes(text).join('\n')).toContain(wanted);
  });

  it('all of them at once', () => {
    expect(mistakes(`${HEAD}profile: x\ndryRun: 1\nonError: y`)).toHaveLength(3);
  });

  it('and no text whatever does more than that', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(mistakes(HEAD + text).every((line) => line.startsWith('hushgate.yaml:'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
