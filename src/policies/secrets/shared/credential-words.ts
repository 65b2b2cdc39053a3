import type { Detection, DetectionKind, Encoding } from '../../../detect/detection.ts';
import { join, literal, type SafeText } from '../../../engine/safe-text.ts';

const KINDS: Readonly<Record<DetectionKind, SafeText>> = {
  'private-key': literal('a private key'),
  'age-secret-key': literal('an age secret key'),
  'json-web-token': literal('a JSON Web Token'),
  'aws-access-key': literal('an AWS access key'),
  'azure-storage-key': literal('an Azure storage key'),
  'azure-client-secret': literal('a Microsoft Entra client secret'),
  'google-api-key': literal('a Google API key'),
  'google-service-account-key': literal('a Google service account key'),
  'github-token': literal('a GitHub token'),
  'gitlab-token': literal('a GitLab token'),
  'npm-token': literal('an npm token'),
  'pypi-token': literal('a PyPI token'),
  'slack-token': literal('a Slack token'),
  'stripe-key': literal('a Stripe key'),
  'sendgrid-key': literal('a SendGrid key'),
  'twilio-key': literal('a Twilio key'),
  'vault-token': literal('a Vault token'),
  'digitalocean-token': literal('a DigitalOcean token'),
  'openai-key': literal('an OpenAI key'),
  'anthropic-key': literal('an Anthropic key'),
  'vendor-token': literal('a token of a service'),
  'url-password': literal('a URL with a password'),
  'docker-config': literal('a Docker registry login'),
  'kubeconfig-credential': literal('a kubeconfig with a credential'),
  'authorization-header': literal('an HTTP login (Basic or Bearer)'),
};

const ENCODINGS: Readonly<Record<Encoding, readonly SafeText[]>> = {
  plain: [],
  base64: [literal('in base64')],
  'base64-twice': [literal('in base64 twice')],
};

/** What was found, for a sentence: `a GitHub token in base64`. */
export function credentialText({ kind, encoding }: Detection): SafeText {
  return join(' ', [KINDS[kind], ...ENCODINGS[encoding]]);
}
