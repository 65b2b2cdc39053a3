import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedCertificates } from './issue.ts';

/** Where the three files of a certificate folder stand, by the names that Kubernetes gives them. */
export interface CertificateFiles {
  readonly caCert: string;
  readonly cert: string;
  readonly key: string;
}

export function certificateFiles(folder: string): CertificateFiles {
  return {
    caCert: join(folder, 'ca.crt'),
    cert: join(folder, 'tls.crt'),
    key: join(folder, 'tls.key'),
  };
}

/** Writes the three files, each whole or not at all; the key for its owner alone. */
export async function writeCertificates(
  folder: string,
  issued: IssuedCertificates,
): Promise<CertificateFiles> {
  const files = certificateFiles(folder);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await replace(files.caCert, issued.caCert, 0o644);
  await replace(files.cert, issued.cert, 0o644);
  await replace(files.key, issued.key, 0o600);
  return files;
}

async function replace(path: string, content: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, content, { mode });
  await rename(`${path}.new`, path);
}
