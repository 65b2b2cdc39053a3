import type { Field } from '../../../engine/field.ts';
import { literal, type SafeText } from '../../../engine/safe-text.ts';

/** A login with a key that stays good until somebody changes it, where the provider offers one without. */
export interface StaticLogin {
  /** Below `spec.provider`. */
  readonly place: readonly string[];
  readonly what: SafeText;
  readonly instead: SafeText;
  /** What the provider's own settings must say besides; true where left out. */
  readonly when?: (provider: Field) => boolean;
}

const AWS = literal(
  'auth: {jwt: {serviceAccountRef: {name: <service account with an IAM role>}}}, or no auth with EKS Pod Identity',
);
const GOOGLE = literal(
  'auth: {workloadIdentity: {serviceAccountRef: {name: <service account bound in IAM>}}}',
);
const AZURE = literal(
  'authType: WorkloadIdentity, serviceAccountRef: {name: <service account with a federated identity>}',
);
const VAULT = literal(
  'auth: {kubernetes: {mountPath: kubernetes, role: <role>, serviceAccountRef: {name: <service account>}}}',
);
const INFISICAL = literal('auth: {kubernetesAuthCredentials: {identityId: <reference>}}');
const KUBERNETES = literal('auth: {serviceAccount: {name: <service account>}}');

/** Service principal is what the API sets; with the other types `authSecretRef` only tells an id. */
const isServicePrincipal = (azure: Field): boolean => {
  const type = azure.get('authType');
  return !type.present || type.text() === 'ServicePrincipal';
};

/** With a principal of the instance or the workload, `auth` counts for nothing. */
const isUserPrincipal = (oracle: Field): boolean => {
  const type = oracle.get('principalType').text() ?? '';
  return type === '' || type === 'UserPrincipal';
};

const vault = (method: readonly string[], what: SafeText): StaticLogin => ({
  place: ['vault', 'auth', ...method],
  what,
  instead: VAULT,
});

/**
 * The static logins of the providers that offer another. Left out: providers that know only tokens of
 * their own (GitLab, 1Password, Bitwarden …), Akeyless, which tells its way of access in a Secret, and
 * client certificates for Vault, which expire.
 * @see https://github.com/external-secrets/external-secrets/tree/main/apis/externalsecrets/v1 `secretstore_*_types.go`
 */
export const STATIC_LOGINS: readonly StaticLogin[] = [
  { place: ['aws', 'auth', 'secretRef'], what: literal('an AWS access key'), instead: AWS },
  {
    place: ['azurekv', 'authSecretRef', 'clientSecret'],
    what: literal('a client secret of Azure'),
    instead: AZURE,
    when: isServicePrincipal,
  },
  {
    place: ['azurekv', 'authSecretRef', 'clientCertificate'],
    what: literal('a client certificate of Azure'),
    instead: AZURE,
    when: isServicePrincipal,
  },
  {
    place: ['gcpsm', 'auth', 'secretRef'],
    what: literal('a Google service account key'),
    instead: GOOGLE,
  },
  vault(['tokenSecretRef'], literal('a Vault token')),
  vault(['appRole'], literal('an AppRole secret id')),
  vault(['userPass'], literal('a Vault password')),
  vault(['ldap'], literal('an LDAP password')),
  vault(['jwt', 'secretRef'], literal('a stored JWT')),
  vault(['kubernetes', 'secretRef'], literal('a stored service account token')),
  vault(['iam', 'secretRef'], literal('an AWS access key')),
  vault(['gcp', 'secretRef'], literal('a Google service account key')),
  {
    place: ['kubernetes', 'auth', 'token'],
    what: literal('a stored service account token'),
    instead: KUBERNETES,
  },
  {
    place: ['kubernetes', 'auth', 'cert'],
    what: literal('a client certificate, which Kubernetes cannot revoke'),
    instead: KUBERNETES,
  },
  {
    place: ['kubernetes', 'authRef'],
    what: literal('a stored kubeconfig'),
    instead: KUBERNETES,
  },
  {
    place: ['ibm', 'auth', 'secretRef'],
    what: literal('an IBM Cloud API key'),
    instead: literal('auth: {containerAuth: {profile: <trusted profile>}}'),
  },
  {
    place: ['oracle', 'auth', 'secretRef'],
    what: literal('an Oracle Cloud API key'),
    instead: literal('principalType: Workload, serviceAccountRef: {name: <service account>}'),
    when: isUserPrincipal,
  },
  {
    place: ['alibaba', 'auth', 'secretRef'],
    what: literal('an Alibaba Cloud access key'),
    instead: literal('auth: {rrsa: {…}}'),
  },
  {
    place: ['conjur', 'auth', 'apikey'],
    what: literal('a Conjur API key'),
    instead: literal(
      'auth: {jwt: {serviceID: <id>, serviceAccountRef: {name: <service account>}}}',
    ),
  },
  {
    place: ['doppler', 'auth', 'secretRef'],
    what: literal('a Doppler token'),
    instead: literal('auth: {oidcConfig: {serviceAccountRef: {name: <service account>}}}'),
  },
  {
    place: ['infisical', 'auth', 'universalAuthCredentials'],
    what: literal('a client secret of Infisical'),
    instead: INFISICAL,
  },
  {
    place: ['infisical', 'auth', 'tokenAuthCredentials'],
    what: literal('an Infisical token'),
    instead: INFISICAL,
  },
];
