import type { PolicyModule, Report } from '../../engine/policy.ts';
import { SECRET } from '../../kubernetes/resources.ts';

const TOKEN_TYPE = 'kubernetes.io/service-account-token';

/**
 * Forbidden: a Secret of type `kubernetes.io/service-account-token`.
 * Allowed:   every other type; `kubernetes.io/bootstrap-token`, which expires by itself.
 */
export const policy = {
  meta: {
    id: 'secret-legacy-token',
    title: 'Service account token that never expires',
    practice: 'Short-lived credentials',
    rationale:
      'A Secret of this type is filled with a token of its service account that does not expire and is bound to no pod: whoever reads it once is that service account until somebody deletes the Secret.',
    remediation:
      'Use `kubectl create token`, the TokenRequest API, or a projected service account token volume, which is rotated and ends with its pod.',
    whenNotToUse:
      'For clients outside the cluster that cannot renew a token. Grant that Secret an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Service account token Secrets',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
      },
    ],
    messages: {
      type: {
        message:
          'a Secret of this type holds a service account token that never expires and outlives every pod',
        fix: 'kubectl create token, or a projected serviceAccountToken volume with expirationSeconds',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const at = subject.object.get('type');
    if (at.text() !== TOKEN_TYPE) return;
    yield { message: 'type', at, params: {}, referent: [] };
  },
} satisfies PolicyModule;
