// What the programs of one control plane show each other: keys, the administrator's token, kubeconfig.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly token: string;
  readonly tokenFile: string;
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/** An administrator's token, and the key pair that signs ServiceAccount tokens. */
export async function writeCredentials(dir: string): Promise<Credentials> {
  const token = randomBytes(24).toString('hex');
  const tokenFile = join(dir, 'tokens.csv');
  const privateKeyFile = join(dir, 'service-accounts.key');
  const publicKeyFile = join(dir, 'service-accounts.pub');
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await Promise.all([
    writeFile(tokenFile, `${token},admin,admin,system:masters\n`, { mode: 0o600 }),
    writeFile(privateKeyFile, privateKey, { mode: 0o600 }),
    writeFile(publicKeyFile, publicKey),
  ]);
  return { token, tokenFile, privateKeyFile, publicKeyFile };
}

/** JSON is YAML, so this is a kubeconfig file for every reader. */
export function adminKubeconfig(url: string, caPem: string, token: string): string {
  const ca = Buffer.from(caPem).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': ca } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  });
}

/** The issuer at the end of the chain that kube-apiserver writes when it makes its own certificate. */
export function lastCertificate(chain: string): string | undefined {
  return chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)?.at(-1);
}
