// The ValidatingWebhookConfiguration that a cluster has for Hushgate.
import type { WebhookRule } from '../../../src/admission/rules.ts';

/** Names the webhook in denials, warnings and audit annotations. */
export const WEBHOOK = 'validate.hushgate.dev';

export interface WebhookConfigurationOptions {
  readonly name: string;
  /** The server's root, `https://host:port`. */
  readonly url: string;
  /** PEM; several certificates one after another while they change. */
  readonly caCert: string;
  readonly rules: readonly WebhookRule[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly timeoutSeconds?: number;
  /** Only objects of this namespace, by the label that nobody can change. */
  readonly namespace?: string;
}

/**
 * Who keeps the control plane itself alive: a server that is down under `failurePolicy: Fail` must not
 * stop them. By the authenticated user, and without a look at the object, which is null on DELETE.
 */
const MATCH_CONDITIONS = [
  {
    name: 'not-the-api-server-or-scheduler',
    expression: "!(request.userInfo.username in ['system:apiserver', 'system:kube-scheduler'])",
  },
  {
    name: 'not-a-node',
    expression:
      "!(request.userInfo.username.startsWith('system:node:') && has(request.userInfo.groups) && 'system:nodes' in request.userInfo.groups)",
  },
];

export function webhookConfiguration(options: WebhookConfigurationOptions) {
  const { name, url, caCert, rules, failurePolicy, timeoutSeconds = 3, namespace } = options;
  const namespaceSelector =
    namespace === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: WEBHOOK,
        clientConfig: { url: `${url}/validate`, caBundle: Buffer.from(caCert).toString('base64') },
        rules,
        matchPolicy: 'Equivalent',
        matchConditions: MATCH_CONDITIONS,
        namespaceSelector,
        failurePolicy,
        sideEffects: 'None',
        timeoutSeconds,
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}
