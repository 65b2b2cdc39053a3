import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name, type SafeText } from '../../engine/safe-text.ts';
import { CLUSTER_SECRET_STORE, SECRET_STORE } from '../../kubernetes/resources.ts';
import { STATIC_LOGINS } from './shared/store-logins.ts';

/**
 * Forbidden: a store that logs in with a stored key or password where its provider knows service account
 *            tokens: `aws.auth.secretRef`, `azurekv.authSecretRef.clientSecret`, `gcpsm.auth.secretRef`,
 *            `vault.auth.tokenSecretRef`, `.appRole`, `.userPass` … (the list is in shared/store-logins.ts).
 * Allowed:   workload identity, `vault.auth.kubernetes` and `.jwt` with a service account; the identity of
 *            the controller's own pod; providers that offer nothing else.
 */
export const policy = {
  meta: {
    id: 'secret-store-static-credential',
    title: 'Secret store that logs in with a static key',
    practice: 'Short-lived credentials',
    rationale:
      'The key of a store opens all that the store can read, and it lies in a Secret of the cluster: the secret that was to be kept out came back as a bigger one, which nobody rotates. A service account token is made for each login and ends by itself.',
    remediation:
      'Bind a service account to a role of the provider (IRSA, EKS Pod Identity, Workload Identity, the Kubernetes auth method of Vault) and refer to it in the store.',
    whenNotToUse:
      'For clusters whose tokens the provider cannot verify: no public issuer, another organisation. Grant that store an exception with an owner and an expiry, and rotate its key.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'warn' },
    appliesTo: {
      resources: [SECRET_STORE, CLUSTER_SECRET_STORE],
      operations: ['CREATE', 'UPDATE'],
    },
    needs: [],
    references: [
      {
        title: 'External Secrets: security best practices',
        url: 'https://external-secrets.io/latest/guides/security-best-practices/',
      },
      {
        title: 'External Secrets: AWS authentication',
        url: 'https://external-secrets.io/latest/provider/aws-access/',
      },
      {
        title: 'External Secrets: HashiCorp Vault',
        url: 'https://external-secrets.io/latest/provider/hashicorp-vault/#authentication',
      },
    ],
    messages: {
      'static-login': {
        message:
          'this store logs in with {what}: whoever reads that Secret has all that the store can read, until somebody changes it',
        fix: '{instead}',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const provider = subject.object.at('spec', 'provider');
    for (const { place, what, instead, when } of STATIC_LOGINS) {
      const [kind = '', ...rest] = place;
      const settings = provider.get(kind);
      const at = settings.at(...rest);
      if (!at.present || when?.(settings) === false) continue;
      yield {
        message: 'static-login',
        at,
        params: { what, instead },
        referent: secretsOf(at),
      };
    }
  },
} satisfies PolicyModule;

/** The Secrets that a login names, in itself or one level below. */
function secretsOf(login: Field): readonly SafeText[] {
  return [login, ...login.entries().filter((field) => field.isMap())]
    .map((selector) => selector.get('name'))
    .filter(({ present }) => present)
    .map(name);
}
