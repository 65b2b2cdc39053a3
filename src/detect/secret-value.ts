import { decodesToBase64 } from './base64.ts';
import { isPlaceholder, isTriviallyWeak } from './weak.ts';

/** What kind of block a PEM text holds; a private key beside certificates is a private key. */
export type PemContent = 'private-key' | 'certificate' | 'public-key' | 'other';

/** What the value of a Secret's key is, as far as its first part tells. Nothing of the value itself. */
export interface SecretValue {
  /** undefined: no PEM text */
  readonly pem: PemContent | undefined;
  /** The author encoded it before the API's own encoding. */
  readonly base64Twice: boolean;
  readonly placeholder: boolean;
  readonly triviallyWeak: boolean;
}

/** Base64 characters that decide whether a long value is worth reading further: 48 bytes. */
const HEAD = 64;
/** A password or placeholder is not longer than this, in base64 characters. */
const SHORT = 512;
/** Of a PEM text, 64 KiB are decoded: a chain of a dozen certificates stands before the key. */
const PEM = 64 * 1024;

const nothing: SecretValue = {
  pem: undefined,
  base64Twice: false,
  placeholder: false,
  triviallyWeak: false,
};

function decoded(value: string, characters: number): string {
  return Buffer.from(value.slice(0, characters), 'base64').toString('latin1');
}

function pemContent(text: string): PemContent {
  if (text.includes('PRIVATE KEY')) return 'private-key';
  if (text.includes('-----BEGIN CERTIFICATE-----')) return 'certificate';
  return text.includes('PUBLIC KEY-----') ? 'public-key' : 'other';
}

/**
 * Reads one value of a Secret's `data`: PEM, base64 twice, placeholder, trivially weak password. Of a value beyond 512
 * characters only the first 64 are decoded, unless they begin a PEM text (then 64 KiB) or base64 of text (then 4 KiB).
 * So a 1 MiB Secret costs some microseconds.
 * @param value as it stands in `data`, base64
 */
export function inspectSecretValue(value: string): SecretValue {
  const head = decoded(value, HEAD);
  if (/^\s*-----BEGIN /.test(head)) return { ...nothing, pem: pemContent(decoded(value, PEM)) };
  if (value.length > SHORT) {
    const base64Twice =
      /^[A-Za-z0-9+/_\r\n-]+={0,2}\s*$/.test(head) && decodesToBase64(value) === 2;
    return { ...nothing, base64Twice };
  }
  const text = value.length > HEAD ? decoded(value, SHORT) : head;
  return {
    pem: undefined,
    base64Twice: decodesToBase64(value) === 2,
    placeholder: isPlaceholder(text),
    triviallyWeak: isTriviallyWeak(text),
  };
}
