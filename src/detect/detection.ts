/** Every kind of credential that {@link Detection} can name: a closed set, so that it fits a metric label. */
export const detectionKinds = [
  'private-key',
  'age-secret-key',
  'json-web-token',
  'aws-access-key',
  'azure-storage-key',
  'azure-client-secret',
  'google-api-key',
  'google-service-account-key',
  'github-token',
  'gitlab-token',
  'npm-token',
  'pypi-token',
  'slack-token',
  'stripe-key',
  'sendgrid-key',
  'twilio-key',
  'vault-token',
  'digitalocean-token',
  'openai-key',
  'anthropic-key',
  'vendor-token',
  'url-password',
  'docker-config',
  'kubeconfig-credential',
  'authorization-header',
] as const;

export type DetectionKind = (typeof detectionKinds)[number];

/** How often the text around the credential was base64-encoded. */
export type Encoding = 'plain' | 'base64' | 'base64-twice';

/** What was recognised, without its encoding: the finding of one decoding level. */
export interface Sighting {
  readonly kind: DetectionKind;
  /** A noun phrase for a sentence: "a GitHub token". Never part of the value. */
  readonly label: string;
  /** Characters of the credential at the level where it was found. */
  readonly length: number;
}

/** A credential in a text: what it is and how long, never the credential itself. */
export interface Detection extends Sighting {
  readonly encoding: Encoding;
}
