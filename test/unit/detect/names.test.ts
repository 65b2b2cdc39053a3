import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { looksLikeCredentialLiteral } from '../../../src/detect/literal.ts';
import { tellsCredential } from '../../../src/detect/names.ts';
import { isPlaceholder, isTriviallyWeak } from '../../../src/detect/weak.ts';

describe('tellsCredential', () => {
  it.each([
    'DB_PASSWORD',
    'API_KEY',
    'apiKey',
    'AUTH_TOKEN',
    'CLIENT_SECRET',
    'PRIVATE_KEY',
    'passwd',
    'pwd',
    'PGPASSWORD',
    'spring.datasource.password',
    'SECRET_KEY_BASE',
    'oauth2ClientSecret',
  ])('takes %s', (name) => {
    expect(tellsCredential(name)).toBe(true);
  });

  it.each([
    'PASSWORD_FILE',
    'SECRETS_DIR',
    'SECRET_NAME',
    'TOKEN_URL',
    'PASSWORD_MIN_LENGTH',
    'TOKEN_TTL',
    'token-ttl',
    'KEY_ID',
    'PUBLIC_KEY',
    'MONKEY',
    'KEYBOARD',
    'COMPASS',
    'MAX_TOKENS',
    'imagePullSecret',
    '',
  ])('leaves %s', (name) => {
    expect(tellsCredential(name)).toBe(false);
  });
});

describe('looksLikeCredentialLiteral', () => {
  it('needs a telling name and a literal value', () => {
    expect(looksLikeCredentialLiteral('DB_PASSWORD', 'hunter27')).toBe(true);
    expect(looksLikeCredentialLiteral('DB_HOST', 'hunter27')).toBe(false);
  });

  it.each([
    '',
    ' ',
    'true',
    'No',
    '$(OTHER)',
    '${X}',
    '/run/secrets/db',
    'https://sso.example.com',
    '30s',
    'PT1H',
    '<password>',
    'ghcr.io/acme/app:1.2',
    'vault:secret/data/db#password',
  ])('leaves the value %j', (value) => {
    expect(looksLikeCredentialLiteral('DB_PASSWORD', value)).toBe(false);
  });

  it('takes digits for a password and not for a token', () => {
    expect(looksLikeCredentialLiteral('DB_PASSWORD', '20240117')).toBe(true);
    expect(looksLikeCredentialLiteral('SERVICE_TOKEN', '8080')).toBe(false);
  });

  it('takes random base64 that begins with a slash', () => {
    const value = ['/Yk3vQ9xTz', '7LmNp2RsUw4bCdEf6HgJkA8o'].join('');
    expect(looksLikeCredentialLiteral('ENCRYPTION_KEY', value)).toBe(true);
    expect(looksLikeCredentialLiteral('ENCRYPTION_KEY', '/etc/keys/encryption')).toBe(false);
  });

  it('answers for any name and value, and white space around the value changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        const answer = looksLikeCredentialLiteral(`${name}_PASSWORD`, value);
        expect(looksLikeCredentialLiteral(`${name}_PASSWORD`, `\n ${value}\t`)).toBe(answer);
      }),
    );
  });
});

describe('weak values', () => {
  it.each(['password', 'Admin', '123456', 'P@ssw0rd', 'qwerty1', 'abcdef', 'rootroot', 'changeme'])(
    '%s is trivially weak',
    (value) => {
      expect(isTriviallyWeak(value)).toBe(true);
    },
  );

  it.each([
    'changeme',
    'REPLACE_ME',
    '<password>',
    '$(VAR)',
    '{{ .Values.x }}',
    '****',
    'xxxx',
    'aaaaaaaa',
  ])('%s is a placeholder', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  it('a strong value is neither', () => {
    expect([isTriviallyWeak('kX9#mP2$vL'), isPlaceholder('kX9#mP2$vL')]).toEqual([false, false]);
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (value) => {
        expect([typeof isPlaceholder(value), typeof isTriviallyWeak(value)]).toEqual([
          'boolean',
          'boolean',
        ]);
      }),
    );
  });
});
