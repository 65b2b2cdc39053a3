import { createPrivateKey, X509Certificate } from 'node:crypto';

/** A serving certificate with its key, PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
  readonly expires: Date;
}

/** A pair that cannot serve; the message says why and holds nothing of the files. */
export class CertificateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CertificateError';
  }
}

/** Checks that the certificate and the key can be read and belong together. */
export function certificatePair(cert: string, key: string): CertificatePair {
  const certificate = attempt('the certificate is not PEM', () => new X509Certificate(cert));
  const privateKey = attempt('the key is not an unencrypted PEM private key', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError('the key does not belong to the certificate');
  }
  return { cert, key, expires: certificate.validToDate };
}

function attempt<Result>(problem: string, action: () => Result): Result {
  try {
    return action();
  } catch {
    throw new CertificateError(problem);
  }
}
