import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodesToBase64, decodesToText } from '../../../src/detect/base64.ts';
import { inspectSecretValue } from '../../../src/detect/secret-value.ts';

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const block = (label: string): string =>
  `-----BEGIN ${label}-----\n${'QUJD\n'.repeat(400)}-----END ${label}-----\n`;
const nothing = { pem: undefined, base64Twice: false, placeholder: false, triviallyWeak: false };

describe('inspectSecretValue', () => {
  it('tells a private key, a certificate and a public key apart', () => {
    const key = ['RSA PRIV', 'ATE KEY'].join('');
    expect(inspectSecretValue(base64(block(key))).pem).toBe('private-key');
    expect(inspectSecretValue(base64(block('CERTIFICATE') + block(key))).pem).toBe('private-key');
    expect(inspectSecretValue(base64(block('CERTIFICATE'))).pem).toBe('certificate');
    expect(inspectSecretValue(base64(block('PUBLIC KEY'))).pem).toBe('public-key');
    expect(inspectSecretValue(base64(block('X509 CRL'))).pem).toBe('other');
  });

  it('sees base64 twice, in short and long values', () => {
    for (const text of ['correct horse battery staple', 'key: value\n'.repeat(500)]) {
      expect(inspectSecretValue(base64(base64(text))).base64Twice).toBe(true);
      expect(inspectSecretValue(base64(text)).base64Twice).toBe(false);
    }
  });

  it('sees placeholders and trivial passwords', () => {
    expect(inspectSecretValue(base64('changeme'))).toMatchObject({
      placeholder: true,
      triviallyWeak: true,
    });
    expect(inspectSecretValue(base64('admin\n'))).toMatchObject({
      placeholder: false,
      triviallyWeak: true,
    });
    expect(inspectSecretValue(base64('kX9#mP2$vL'))).toEqual(nothing);
  });

  it('answers for any bytes and any text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 600, maxLength: 900 }),
        fc.string({ unit: 'binary' }),
        (bytes, text) => {
          expect(inspectSecretValue(base64(bytes)).base64Twice).toBe(false);
          expect(typeof inspectSecretValue(text).placeholder).toBe('boolean');
        },
      ),
    );
  });
});

describe('base64', () => {
  it('counts how often a text was encoded', () => {
    expect(decodesToBase64('plain words, not base64')).toBe(0);
    expect(decodesToBase64('deadbeef')).toBe(0);
    expect(decodesToBase64(base64('some words'))).toBe(1);
    expect(decodesToBase64(base64(base64('some words')))).toBe(2);
    expect(decodesToBase64(base64(base64(base64('some words'))))).toBe(2);
  });

  it('decodes what was encoded, whatever the ASCII text, the padding and the line breaks', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{6,200}$/), (text) => {
        const encoded = base64(text);
        expect(decodesToText(encoded)).toBe(text);
        expect(decodesToText(encoded.replace(/=+$/, ''))).toBe(text);
        expect(decodesToText(`${encoded.replace(/.{20}/g, '$&\n')}\n`)).toBe(text);
        expect(decodesToText(Buffer.from(text).toString('base64url'))).toBe(text);
      }),
    );
  });

  it('leaves binary data and other text', () => {
    expect(
      decodesToText(base64(Uint8Array.from({ length: 90 }, (_, index) => index * 37))),
    ).toBeUndefined();
    expect(decodesToText('a: b')).toBeUndefined();
    expect(decodesToText('')).toBeUndefined();
  });
});
