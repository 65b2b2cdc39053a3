import type { SecretData } from './stored.ts';

/** What was read of an object, with the object, whose resourceVersion a write needs. */
export interface Seen<Content> {
  readonly content: Content;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface WebhookBundles {
  /** PEM texts in the order of `webhooks[]`; empty where there is none. */
  readonly bundles: readonly string[];
  /** When a CA was last added, RFC 3339. */
  readonly addedAt?: string;
}

/** Where certificates are kept, for all replicas. Every call may reject with a ClusterError. */
export interface CertificateStore {
  readBundles(): Promise<Seen<WebhookBundles>>;
  readSecret(): Promise<Seen<SecretData>>;
  /** These two resolve to false when the object has changed since it was read. */
  writeBundles(seen: Seen<WebhookBundles>, wanted: Required<WebhookBundles>): Promise<boolean>;
  writeSecret(seen: Seen<SecretData>, data: SecretData): Promise<boolean>;
  /** Takes the turn; false while another replica has it. */
  acquire(): Promise<boolean>;
  release(): Promise<void>;
}
