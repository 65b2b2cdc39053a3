import { detectCredential } from '../../detect/credential.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { quoteKey } from '../../engine/safe-text.ts';
import { CONFIG_MAP } from '../../kubernetes/resources.ts';
import { credentialText } from './shared/credential-words.ts';

/**
 * Forbidden: a credential of a known format in a value of `data` or `binaryData`, whatever its key is called.
 * Allowed:   certificates and public keys, placeholders, values with a telling key but no known format.
 * The first credential of each value is told. `binaryData` is base64 by the API, and decoded once.
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/
 */
export const policy = {
  meta: {
    id: 'configmap-credential',
    title: 'Credential in a ConfigMap',
    practice: 'No secrets in Git or plain configuration',
    rationale:
      'ConfigMaps are not encrypted at rest, are open to every role that may view a namespace, and are printed by dashboards, `kubectl describe` and support bundles. A credential in one counts as published.',
    remediation:
      'Revoke the credential, put a new one in a Secret (best from a vault), and mount that beside the ConfigMap. Configuration files that mix both can be made from an ExternalSecret template, or name a file for the credential.',
    whenNotToUse:
      'For test data that only looks like a credential. Grant that ConfigMap an exception with an owner and an expiry.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: [CONFIG_MAP], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'ConfigMaps: caution',
        url: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
      },
      {
        title: 'Good practices for Kubernetes Secrets',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
      },
    ],
    messages: {
      credential: {
        message:
          '{key} holds {what}: a ConfigMap is not encrypted, and everybody who may view the namespace reads it',
        fix: 'revoke it, put a new one in a Secret, and mount that: volumes: [{name: credentials, secret: {secretName: <Secret>, defaultMode: 0440}}]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const { object } = subject;
    const binary = object.get('binaryData');
    for (const at of [...object.get('data').entries(), ...binary.entries()]) {
      const value = at.text() ?? '';
      const text = at.parent === binary ? Buffer.from(value, 'base64').toString('latin1') : value;
      const detection = detectCredential(text);
      if (detection === undefined) continue;
      const what = credentialText(detection);
      yield { message: 'credential', at, params: { key: quoteKey(at), what }, referent: [what] };
    }
  },
} satisfies PolicyModule;
