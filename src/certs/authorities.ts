import { X509Certificate } from 'node:crypto';

/** A CA certificate: PEM in the one form that two of the same share, and its expiry in ms since 1970. */
export interface Authority {
  readonly pem: string;
  readonly expires: number;
}

/** Every certificate of a PEM text, each once; what is none is left out, as the API server does. */
export function readAuthorities(text: string): readonly Authority[] {
  const blocks =
    text.match(/-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----/g) ?? [];
  const found = new Map<string, Authority>();
  for (const block of blocks) {
    const authority = readAuthority(block);
    if (authority !== undefined) found.set(authority.pem, authority);
  }
  return [...found.values()];
}

function readAuthority(block: string): Authority | undefined {
  try {
    const certificate = new X509Certificate(block);
    return { pem: certificate.toString(), expires: certificate.validToDate.getTime() };
  } catch {
    return undefined;
  }
}
