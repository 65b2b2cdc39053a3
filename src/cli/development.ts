import { readFile } from 'node:fs/promises';
import { certificateFiles, writeCertificates } from '../certs/files.ts';
import { issueCertificates } from '../certs/issue.ts';
import { certificatePair } from '../server/certificate.ts';

const FOLDER = 'certs';
const NAMES = ['localhost', '127.0.0.1', '::1'];
const DAYS = 30;

interface DevelopmentOptions {
  readonly host: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly drainMs: number;
}

/** Sees to a development certificate in `certs/`, kept while it is valid, and listens on loopback only. */
export async function prepareDevelopment(now: Date): Promise<DevelopmentOptions> {
  const files = certificateFiles(FOLDER);
  if (!(await isUsable(files.cert, files.key, now))) {
    await writeCertificates(FOLDER, await issueCertificates(NAMES, DAYS, now));
  }
  return { host: 'localhost', tlsCert: files.cert, tlsKey: files.key, drainMs: 0 };
}

async function isUsable(cert: string, key: string, now: Date): Promise<boolean> {
  try {
    const pair = certificatePair(await readFile(cert, 'utf8'), await readFile(key, 'utf8'));
    return pair.expires > now;
  } catch {
    return false;
  }
}

/** What a newcomer types next. */
export function tryIt(port: number): string {
  return `
Hushgate answers on https://localhost:${port}. In another shell, send it a Pod that takes a
password from its environment:

  curl --cacert certs/ca.crt -H 'content-type: application/json' \\
    -d @examples/review-pod-secret-env.json https://localhost:${port}/validate

`;
}
