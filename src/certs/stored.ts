import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { certificatePair, CertificateError } from '../server/certificate.ts';
import { readAuthorities, type Authority } from './authorities.ts';
import { BACKDATED_MS, type IssuedCertificates } from './issue.ts';

/** A serving certificate with its key and its CA; times in ms since 1970. */
export interface StoredPair {
  readonly ca: Authority;
  readonly cert: string;
  readonly key: string;
  readonly issued: number;
  readonly expires: number;
  /** It holds every name that is asked for. */
  readonly covers: boolean;
}

/** What the Secret holds, as far as it can be used. */
export interface Stored {
  /** What replicas serve. */
  readonly current?: StoredPair;
  /** Made, but not served before the API server knows its CA. */
  readonly next?: StoredPair;
  /** CAs of certificates that were replaced and may still be served somewhere. */
  readonly previous: readonly Authority[];
  /** When the current pair became that, in ms since 1970. */
  readonly switchedAt?: number;
  /** What could not be used, and why; nothing of the content. */
  readonly problems: readonly string[];
}

/** The values of a Secret by key, decoded. */
export type SecretData = Readonly<Record<string, string>>;

const KEYS = {
  current: { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' },
  next: { ca: 'next-ca.crt', cert: 'next-tls.crt', key: 'next-tls.key' },
} as const;
const PREVIOUS = 'previous-ca.crt';
const SWITCHED_AT = 'switched-at';
const OURS: ReadonlySet<string> = new Set([
  ...Object.values(KEYS.current),
  ...Object.values(KEYS.next),
  PREVIOUS,
  SWITCHED_AT,
]);

/** Reads the Secret; never throws, since whoever may write it may write anything. */
export function readStored(data: SecretData, names: readonly string[]): Stored {
  const problems: string[] = [];
  const read = (slot: keyof typeof KEYS): StoredPair | undefined => {
    const { ca, cert, key } = KEYS[slot];
    const texts = [data[ca] ?? '', data[cert] ?? '', data[key] ?? ''] as const;
    if (texts.every((text) => text === '')) return undefined;
    try {
      return readPair(...texts, names);
    } catch (error) {
      problems.push(`${cert}: ${error instanceof CertificateError ? error.message : 'unreadable'}`);
      return undefined;
    }
  };
  const current = read('current');
  const next = read('next');
  const switchedAt = Date.parse(data[SWITCHED_AT] ?? '');
  return {
    ...(current === undefined ? {} : { current }),
    ...(next === undefined ? {} : { next }),
    previous: readAuthorities(data[PREVIOUS] ?? ''),
    ...(Number.isNaN(switchedAt) ? {} : { switchedAt }),
    problems,
  };
}

function readPair(
  caText: string,
  cert: string,
  key: string,
  names: readonly string[],
): StoredPair {
  const pair = certificatePair(cert, key);
  const [ca] = readAuthorities(caText);
  if (ca === undefined) throw new CertificateError('its CA is not PEM');
  const leaf = new X509Certificate(cert);
  const issuer = new X509Certificate(ca.pem);
  if (!leaf.checkIssued(issuer) || !leaf.verify(issuer.publicKey)) {
    throw new CertificateError('it is not signed by the CA beside it');
  }
  return {
    ca,
    cert: pair.cert,
    key: pair.key,
    issued: leaf.validFromDate.getTime() + BACKDATED_MS,
    expires: Math.min(pair.expires.getTime(), ca.expires),
    covers: names.every((name) => holds(leaf, name)),
  };
}

function holds(leaf: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined;
}

/** A pair that was just made, as the Secret will give it back. */
export function issuedPair(
  { caCert, cert, key }: IssuedCertificates,
  names: readonly string[],
): StoredPair {
  return readPair(caCert, cert, key, names);
}

/** The Secret's values with these certificates; keys that are not ours stay as they were. */
export function writeStored(
  data: SecretData,
  { current, next, previous, switchedAt }: Omit<Stored, 'problems'>,
): SecretData {
  const slot = (keys: (typeof KEYS)[keyof typeof KEYS], pair?: StoredPair): SecretData =>
    pair === undefined
      ? {}
      : { [keys.ca]: pair.ca.pem, [keys.cert]: pair.cert, [keys.key]: pair.key };
  return {
    ...Object.fromEntries(Object.entries(data).filter(([key]) => !OURS.has(key))),
    ...slot(KEYS.current, current),
    ...slot(KEYS.next, next),
    ...(previous.length === 0 ? {} : { [PREVIOUS]: previous.map(({ pem }) => pem).join('') }),
    ...(switchedAt === undefined ? {} : { [SWITCHED_AT]: new Date(switchedAt).toISOString() }),
  };
}
