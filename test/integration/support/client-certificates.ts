// A CA for clients, and kubeconfig users with certificates of it.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR = 3_600_000;

export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

export interface ClientAuthority {
  /** For `--client-ca-file`. */
  readonly pem: string;
  /** Somebody by the names in the subject, until an hour from now, or until an hour ago. */
  issue(user: string, group: string, expired?: 'expired'): Promise<ClientPair>;
}

export async function clientAuthority(): Promise<ClientAuthority> {
  const now = Date.now();
  const keys = await makeKeys();
  const issuer = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=clients',
    notBefore: new Date(now - 3 * HOUR),
    notAfter: new Date(now + HOUR),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  return {
    pem: issuer.toString('pem'),
    issue: async (user, group, expired) => {
      const own = await makeKeys();
      const cert = await X509CertificateGenerator.create({
        subject: [{ O: [group] }, { CN: [user] }],
        issuer: issuer.subject,
        notBefore: new Date(now - 2 * HOUR),
        notAfter: new Date(now + (expired === undefined ? HOUR : -HOUR)),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return { cert: cert.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
    },
  };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
