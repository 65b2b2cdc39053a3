import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM texts of a new CA and of a serving certificate that it signed. */
export interface IssuedCertificates {
  readonly caCert: string;
  readonly cert: string;
  readonly key: string;
}

// ECDSA: a burst of reviews pays a full handshake each, and RSA makes those ten times as dear.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 60 * 60 * 1000;

/** A certificate is valid from that long before it was made, since clocks differ. */
export const BACKDATED_MS = 60 * 60 * 1000;

/**
 * A serving certificate for the given DNS names and IP addresses, signed by a CA made for it alone,
 * whose key is thrown away. Valid from an hour ago for `days`, which may be a fraction.
 */
export async function issueCertificates(
  names: readonly string[],
  days: number,
  now: Date,
): Promise<IssuedCertificates> {
  const validity = {
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY),
  };
  const ca = await generateKeys();
  const leaf = await generateKeys();
  const caCert = await signAuthority(ca, validity);
  const cert = await signServer(names, leaf.publicKey, { cert: caCert, keys: ca }, validity);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey);
  return {
    caCert: `${caCert.toString('pem')}\n`,
    cert: `${cert.toString('pem')}\n`,
    key: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function signAuthority(
  keys: webcrypto.CryptoKeyPair,
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Hushgate CA',
    ...validity,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

async function signServer(
  names: readonly string[],
  publicKey: webcrypto.CryptoKey,
  ca: { readonly cert: X509Certificate; readonly keys: webcrypto.CryptoKeyPair },
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=hushgate',
    issuer: ca.cert.subject,
    ...validity,
    publicKey,
    signingKey: ca.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
      ),
      await AuthorityKeyIdentifierExtension.create(ca.keys.publicKey),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function serialNumber(): string {
  return randomBytes(16).toString('hex');
}
