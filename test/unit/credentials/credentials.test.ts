import { describe, expect, it } from '@jest/globals';
import { detectionKinds } from '../../../src/detect/detection.ts';
import { readCorpus, type Sample } from '../../corpus/corpus.ts';
import { verdict } from '../../support/verdicts.ts';
import { base64, evaluated, found } from '../secrets/secrets.ts';

/** Formats that a code host would take for real ones, joined here. */
const known: readonly Sample[] = readCorpus().filter(
  ({ label, tuned }) => tuned && detectionKinds.some((kind) => kind === label),
);

const configMap = (fields: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'shop' },
  ...fields,
});

const pod = (container: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop', ...metadata },
  spec: { containers: [{ name: 'app', image: 'app:1', ...container }] },
});

const places: readonly (readonly [string, (value: string) => object])[] = [
  ['env', (value) => pod({ env: [{ name: 'SETTING', value }] })],
  ['args', (value) => pod({ args: [value] })],
  ['an annotation', (value) => pod({}, { annotations: { note: value } })],
  ['a ConfigMap', (value) => configMap({ data: { a: value } })],
  ['binaryData', (value) => configMap({ binaryData: { a: base64(value) } })],
];

describe('a credential of every format', () => {
  it('is in the corpus', () => {
    expect(new Set(known.map(({ label }) => label)).size).toBeGreaterThan(20);
  });

  it.each(places)('is told in %s, without its value', (_, object) => {
    const missed: string[] = [];
    for (const { value, place } of known) {
      const findings = verdict(object(value), 'profile: strict').findings.filter(({ policy }) =>
        /^(?:credential-in-env|configmap-credential)$/.test(policy),
      );
      if (findings.length !== 1) missed.push(place);
      expect(JSON.stringify(findings)).not.toContain(value.slice(0, 24));
    }

    // What the detectors miss of the corpus is measured by `npm run corpus`.
    expect(missed.length).toBeLessThan(known.length / 20);
  });
});

describe('one root cause', () => {
  const policies = (name: string, value: string): string[] =>
    verdict(pod({ env: [{ name, value }] }), 'profile: strict')
      .findings.map(({ policy }) => policy)
      .filter((policy) => /credential/.test(policy));
  const url = 'postgres://shop:made-up-7Qx2@db:5432/shop';

  it.each([
    ['DB_PASSWORD', 'made-up-7Qx2', ['credential-name-in-env']],
    ['DB_PASSWORD', url, ['credential-in-env']],
    ['AWS_SECRET_ACCESS_KEY', 'made-up-7Qx2', ['static-cloud-credential']],
    ['AWS_SECRET_ACCESS_KEY', 'MadeUpForATest0fHushgate/NotAKeyOf7Qx2Lm', ['credential-in-env']],
    ['AZURE_CLIENT_SECRET', url, ['credential-in-env']],
  ])('%s is told once', (name, value, expected) => {
    expect(policies(name, value)).toEqual(expected);
  });

  it.each([
    ['credential-in-env', 'static-cloud-credential'],
    ['credential-in-env, static-cloud-credential', 'credential-name-in-env'],
  ])('is told by another where %s are off', (off, expected) => {
    const modes = off.split(', ').map((id) => `${id}: {mode: off}`);
    const value = 'MadeUpForATest0fHushgate/NotAKeyOf7Qx2Lm';
    const object = pod({ env: [{ name: 'AWS_SECRET_ACCESS_KEY', value }] });
    const told = verdict(object, `policies: {${modes.join(', ')}}`).findings;

    expect(told.map(({ policy }) => policy).filter((id) => id.includes('credential'))).toEqual([
      expected,
    ]);
  });
});

describe('annotations', () => {
  const url = 'postgres://shop:made-up-7Qx2@db:5432/shop';

  it('of a Pod are told once, though it is its own template', () => {
    expect(found('credential-in-env', pod({}, { annotations: { a: url } }))).toEqual([
      'annotation metadata.annotations.a',
    ]);
  });
});

describe('a mounted key', () => {
  const mounting = (value: string, mountPath: string, spec: object = {}): string[] =>
    found('static-cloud-credential', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: {
        containers: [
          {
            name: 'app',
            env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value }],
            volumeMounts: [{ name: 'key', mountPath }],
          },
        ],
        volumes: [{ name: 'key', secret: { secretName: 'key' } }],
        ...spec,
      },
    });

  it.each([
    ['/key/a.json', '/key', 1],
    ['/key/a.json', '/key/', 1],
    ['/key/a.json', '/key/a.json', 1],
    ['/keys/a.json', '/key', 0],
    ['key/a.json', '/key', 0],
    ['/key/a.json', '/', 0],
    ['', '', 0],
  ])('%j below %j is told %d times', (value, mountPath, times) => {
    expect(mounting(value, mountPath)).toHaveLength(times);
  });

  it('is none where the volume is of another kind', () => {
    expect(mounting('/key/a', '/key', { volumes: [{ name: 'key', emptyDir: {} }] })).toEqual([]);
    expect(mounting('/key/a', '/key', { volumes: [] })).toEqual([]);
  });
});

describe('fields that are not there, or of another type', () => {
  const odd = (value: unknown): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'shop' },
    spec: {
      containers: [
        {
          name: 'app',
          env: [
            { value },
            { name: value, value: 'made-up-7Qx2' },
            { name: 'DB_PASSWORD', value },
            { name: 'AWS_SHARED_CREDENTIALS_FILE', value },
            { name: 'AWS_SECRET_ACCESS_KEY', value },
            { name: 'AZURE_CLIENT_SECRET', valueFrom: value },
          ],
          volumeMounts: [{ name: 'key', mountPath: value }, { mountPath: value }],
          livenessProbe: { httpGet: { httpHeaders: value } },
          lifecycle: value,
          command: value,
        },
      ],
      volumes: [{ name: 'key', secret: { secretName: 'key' } }],
    },
  });

  it.each(['credential-in-env', 'credential-name-in-env', 'static-cloud-credential'])(
    'are nothing to %s, and noted',
    (id) => {
      for (const value of [null, 7, [], {}]) {
        const { findings, unjudged } = evaluated(id, odd(value));

        expect(findings).toEqual([]);
        expect(unjudged.length > 0).toBe(value !== null);
      }
    },
  );

  it('are nothing to configmap-credential', () => {
    const { findings, unjudged } = evaluated('configmap-credential', configMap({ data: { a: 7 } }));

    expect(findings).toEqual([]);
    expect(unjudged.map(({ path }) => path)).toEqual(['data.a']);
  });
});
