import { Type, type Static } from 'typebox';

/** By what a Secret shows who manages it; all that is written must hold. */
export const mark = Type.Object(
  {
    owner: Type.Optional(
      Type.String({
        pattern: '^[^/]+/[^/]+$',
        description: 'A kind among its ownerReferences, in any version: group/Kind.',
      }),
    ),
    label: Type.Optional(
      Type.String({ minLength: 1, description: 'A label: its key, or key=value.' }),
    ),
    annotation: Type.Optional(
      Type.String({ minLength: 1, description: 'An annotation: its key, or key=value.' }),
    ),
    type: Type.Optional(Type.String({ minLength: 1, description: 'The type of the Secret.' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

export type Mark = Static<typeof mark>;

/**
 * What managers write by themselves, read in their sources. Operators whose own kinds own Secrets (a
 * database's, say) are not among them: the option `also` is for those.
 */
export const MANAGERS: readonly Mark[] = [
  // External Secrets: the owner with creationPolicy Owner, the label with Orphan and Merge too.
  { owner: 'external-secrets.io/ExternalSecret' },
  { label: 'reconcile.external-secrets.io/managed=true' },
  { owner: 'bitnami.com/SealedSecret' },
  // cert-manager owns a Secret only with --enable-certificate-owner-ref; private keys on their way always.
  { owner: 'cert-manager.io/Certificate' },
  { annotation: 'cert-manager.io/certificate-name' },
  // The CSI driver makes the pod's own controller the owner, so the label tells.
  { label: 'secrets-store.csi.k8s.io/managed=true' },
  { owner: 'secrets.hashicorp.com/VaultStaticSecret' },
  { owner: 'secrets.hashicorp.com/VaultDynamicSecret' },
  { owner: 'secrets.hashicorp.com/VaultPKISecret' },
  { owner: 'isindir.github.com/SopsSecret' },
  { owner: 'onepassword.com/OnePasswordItem' },
  { label: 'secrets.doppler.com/subtype=dopplerSecret' },
  { annotation: 'secrets.infisical.com/version' },
  { type: 'helm.sh/release.v1' },
  // Made by Kubernetes itself, or judged by secret-legacy-token.
  { type: 'kubernetes.io/service-account-token' },
  { type: 'bootstrap.kubernetes.io/token' },
];
