import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadConfiguration } from '../../../src/config/load.ts';
import { isJsonObject } from '../../../src/engine/field.ts';
import { readYaml } from '../../../src/yaml/manifest.ts';
import { base64, evaluated, found, secret } from './secrets.ts';

const configured = (yaml: string): unknown =>
  loadConfiguration(
    `apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\npolicies:\n${yaml}`,
    'test.yaml',
  ).policies.find(({ policy }) => yaml.includes(policy.meta.id))?.options;

describe('secret-rotation-overdue', () => {
  const changed = (time: string, type?: string): object =>
    secret(
      { ...(type === undefined ? {} : { type }), data: { a: '' } },
      { managedFields: [{ manager: 'm', time, fieldsV1: { 'f:data': { 'f:a': {} } } }] },
    );

  it('counts whole days, and tells from the first beyond the budget', () => {
    const policy = 'secret-rotation-overdue';
    const object = changed('2026-08-26T00:00:00Z');

    expect(found(policy, object, {}, '2026-11-24T23:59:59Z')).toEqual([]);
    expect(found(policy, object, {}, '2026-11-25T00:00:00Z')).toEqual(['overdue data']);
    expect(evaluated(policy, object, {}, '2026-11-25').findings[0]?.message).toContain(
      'at least 91 days',
    );
  });

  it('keeps the budgets of the types that the configuration leaves out', () => {
    const options = configured(
      '  secret-rotation-overdue: {options: {types: {kubernetes.io/basic-auth: 7}}}\n',
    );

    expect(options).toEqual({
      days: 90,
      types: {
        'kubernetes.io/basic-auth': 7,
        'kubernetes.io/tls': 398,
        'kubernetes.io/service-account-token': 0,
        'bootstrap.kubernetes.io/token': 0,
        'helm.sh/release.v1': 0,
      },
    });
  });

  it('takes no type for a property of every object', () => {
    const object = changed('2020-01-01T00:00:00Z', 'constructor');

    expect(found('secret-rotation-overdue', object)).toEqual(['overdue data']);
  });

  it('judges no time that is none, and none to come', () => {
    for (const time of ['soon', '', '2027-01-01T00:00:00Z']) {
      expect(found('secret-rotation-overdue', changed(time))).toEqual([]);
    }
  });

  it('has the same fingerprint a day later', () => {
    const object = changed('2026-01-01T00:00:00Z');
    const prints = ['2026-11-24', '2026-11-25'].map(
      (day) => evaluated('secret-rotation-overdue', object, {}, day).findings[0]?.fingerprint,
    );

    expect(prints[0]).toBe(prints[1]);
  });
});

describe('secret-certificate-expiry', () => {
  const [fixture] = readYaml(
    readFileSync('test/policies/secret-certificate-expiry/pass/fresh.yaml', 'utf8'),
  ).documents;
  const data = isJsonObject(fixture) && isJsonObject(fixture['data']) ? fixture['data'] : {};
  const pem = Buffer.from(String(data['tls.crt']), 'base64').toString();
  const tls = (text: string): object =>
    secret({ type: 'kubernetes.io/tls', data: { 'tls.crt': base64(text), 'tls.key': '' } });

  // It is valid from 2026-06-01 to 2027-06-01.
  it.each([
    ['2027-05-01T23:59:59Z', []],
    ['2027-05-02T00:00:01Z', ['expiring data[tls.crt]']],
    ['2027-05-31T23:59:59Z', ['expiring data[tls.crt]']],
    ['2027-06-01T00:00:00Z', ['expired data[tls.crt]']],
  ])('on %s tells %j', (day, expected) => {
    expect(found('secret-certificate-expiry', tls(pem), {}, day)).toEqual(expected);
  });

  it('takes the first certificate, whatever stands before it', () => {
    const other = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

    expect(found('secret-certificate-expiry', tls(`shop\n${other}${pem}`))).toEqual([]);
    expect(found('secret-certificate-expiry', tls(`${'x'.repeat(100_000)}\n${pem}`))).toEqual([
      'unreadable data[tls.crt]',
    ]);
  });

  it('reads the same from stringData', () => {
    const object = secret({ type: 'kubernetes.io/tls', stringData: { 'tls.crt': pem } });

    expect(found('secret-certificate-expiry', object, {}, '2028-01-01')).toEqual([
      'expired stringData[tls.crt]',
    ]);
  });
});

describe('secret-content', () => {
  it('says the same of stringData as of what the API server makes of it', () => {
    const values = {
      'ssh.pem': '-----BEGIN OPENSSH PRIVATE KEY-----\n',
      config: '{ "auths": {} }',
      password: 'changeme',
      token: 'admin123',
      note: base64('a long enough note of the shop'),
      user: 'admin',
      long: 'ä'.repeat(200_000),
    };
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, base64(value)]),
    );
    const told = found('secret-content', secret({ data }));

    expect(told).toEqual([
      'private-key data[ssh.pem]',
      'docker-config data.config',
      'placeholder data.password',
      'weak data.token',
      'base64-twice data.note',
    ]);
    expect(found('secret-content', secret({ stringData: values }))).toEqual(
      told.map((line) => line.replace('data', 'stringData')),
    );
  });

  it('notes a value of a wrong type as not judged', () => {
    const { findings, unjudged } = evaluated('secret-content', secret({ data: { password: 7 } }));

    expect(findings).toEqual([]);
    expect(unjudged.map(({ path }) => path)).toEqual(['data.password']);
  });
});

describe('secret-unmanaged', () => {
  it('asks for all that a mark says', () => {
    const mark = { owner: 'example.com/Database', annotation: 'example.com/kept', label: 'a=b' };
    const owned = {
      ownerReferences: [{ apiVersion: 'example.com/v2', kind: 'Database' }],
      annotations: { 'example.com/kept': '' },
      labels: { a: 'b' },
    };
    const say = (metadata: object): string[] =>
      found('secret-unmanaged', secret({}, metadata), { managers: [], also: [mark] });

    expect(say(owned)).toEqual([]);
    expect(say({ ...owned, labels: { a: 'c' } })).toHaveLength(1);
    expect(say({ ...owned, annotations: {} })).toHaveLength(1);
    expect(say({ ...owned, ownerReferences: [{ kind: 'Database' }] })).toHaveLength(1);
    expect(say({ ...owned, ownerReferences: [{}] })).toHaveLength(1);
  });
});
