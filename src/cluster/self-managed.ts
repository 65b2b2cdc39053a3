import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { issueCertificates } from '../certs/issue.ts';
import { startKeeper, type SelfManaged } from '../certs/keeper.ts';
import { certificateStore, type CertificateObjects } from './certificate-store.ts';
import { connect } from './client.ts';
import type { KubeConfigOptions } from './kube-config.ts';

export interface SelfManagedOptions extends KubeConfigOptions, CertificateObjects {
  /** DNS names or IP addresses of the server. */
  readonly names: readonly string[];
  /** Of each certificate, in ms. */
  readonly life: number;
  /** How often the cluster is looked at, in ms. */
  readonly pollMs: number;
}

const DAY = 86_400_000;

/**
 * Certificates that are kept in a Secret of the cluster and announced in a webhook configuration. Rejects
 * with a ClusterError when no cluster is configured; one that does not answer is tried again and again.
 */
export async function selfManaged(options: SelfManagedOptions): Promise<SelfManaged> {
  const { names, life, pollMs } = options;
  const client = await connect(options);
  const store = certificateStore(client, options, `${hostname()}_${randomUUID()}`);
  const issue = (): ReturnType<typeof issueCertificates> =>
    issueCertificates(names, life / DAY, new Date());
  const { cert, key } = await issue();
  return {
    placeholder: { cert, key },
    start: (events) => startKeeper({ store, names, life, pollMs, issue, now: Date.now }, events),
  };
}
