import { beforeAll, describe, expect, it } from '@jest/globals';
import { readAuthorities } from '../../../src/certs/authorities.ts';
import { parseDuration } from '../../../src/certs/duration.ts';
import { issueCertificates, type IssuedCertificates } from '../../../src/certs/issue.ts';
import { issuedPair, readStored, writeStored } from '../../../src/certs/stored.ts';
import { cpuMs } from '../../support/cpu.ts';

const NAMES = ['hushgate.hushgate.svc', '127.0.0.1'];
const NOW = new Date('2026-01-01T00:00:00Z');

let one: IssuedCertificates;
let two: IssuedCertificates;
beforeAll(async () => {
  one = await issueCertificates(NAMES, 0.5, NOW);
  two = await issueCertificates(NAMES, 1, NOW);
});

const data = () => ({ 'ca.crt': one.caCert, 'tls.crt': one.cert, 'tls.key': one.key });

describe('the Secret', () => {
  it('holds a pair with its times, a fraction of a day too', () => {
    const { current, next, problems } = readStored(data(), NAMES);

    expect(current).toMatchObject({
      key: one.key,
      issued: NOW.getTime(),
      expires: NOW.getTime() + 43_200_000,
      covers: true,
    });
    expect([next, problems]).toEqual([undefined, []]);
  });

  it('gives back what was written, and leaves other keys alone', () => {
    const current = issuedPair(one, NAMES);
    const next = issuedPair(two, NAMES);
    const previous = readAuthorities(one.caCert + two.caCert);
    const stored = { current, next, previous, switchedAt: NOW.getTime() };
    const written = writeStored({ other: '\xff', 'tls.key': 'stale' }, stored);

    expect(readStored(written, NAMES)).toEqual({ ...stored, problems: [] });
    expect(written['other']).toBe('\xff');
    expect(Object.keys(writeStored(written, { previous: [] }))).toEqual(['other']);
  });

  it('that is empty holds nothing, and that is no problem', () => {
    for (const empty of [{}, { 'tls.crt': '', 'tls.key': '' }]) {
      expect(readStored(empty, NAMES)).toEqual({ previous: [], problems: [] });
    }
  });

  it.each([
    ['tls.crt', 'CANARY', 'tls.crt: the certificate is not PEM'],
    ['tls.key', 'CANARY', 'tls.crt: the key is not an unencrypted PEM private key'],
    ['ca.crt', 'CANARY', 'tls.crt: its CA is not PEM'],
    ['ca.crt', '', 'tls.crt: its CA is not PEM'],
  ])('with a broken %s holds no pair and says why, without the content', (key, value, problem) => {
    expect(readStored({ ...data(), [key]: value }, NAMES)).toEqual({
      previous: [],
      problems: [problem],
    });
  });

  it('with parts of two pairs holds none', () => {
    const mixed = [
      readStored({ ...data(), 'tls.key': two.key }, NAMES),
      readStored({ ...data(), 'ca.crt': two.caCert }, NAMES),
    ];

    expect(mixed.flatMap(({ problems }) => problems)).toEqual([
      'tls.crt: the key does not belong to the certificate',
      'tls.crt: it is not signed by the CA beside it',
    ]);
    expect(readStored({ ...data(), 'switched-at': 'never' }, NAMES).switchedAt).toBeUndefined();
  });

  it('shows which names a certificate lacks', () => {
    expect(readStored(data(), [...NAMES, 'other.svc']).current?.covers).toBe(false);
    expect(readStored(data(), ['127.0.0.2']).current?.covers).toBe(false);
    expect(readStored(data(), ['127.0.0.1']).current?.covers).toBe(true);
  });
});

describe('a bundle', () => {
  it('is its certificates, each once, whatever stands between', () => {
    const text = `# ours\n${one.caCert}junk${two.caCert}${one.caCert.replaceAll('\n', '\r\n')}`;
    const broken =
      '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----';

    expect(readAuthorities(text + broken).map(({ pem }) => pem)).toEqual([one.caCert, two.caCert]);
    expect(readAuthorities('')).toEqual([]);
  });

  it('of hostile size is read in linear time', () => {
    const took = cpuMs(() => {
      readAuthorities('-----BEGIN CERTIFICATE-----'.repeat(40_000));
      readAuthorities(`-----BEGIN CERTIFICATE-----${'A'.repeat(1_000_000)}`);
    });

    expect(took).toBeLessThan(1000);
  });
});

describe('a duration', () => {
  it.each([
    ['90d', 7_776_000_000],
    ['1h30m', 5_400_000],
    ['0.5d', 43_200_000],
    ['30s', 30_000],
    ['250ms', 250],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '90', 'd', '1w', '-1d', '1 d', '1e3s', '1.s', 'Infinityd'])('not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
