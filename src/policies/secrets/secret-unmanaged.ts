import { Type, type Static } from 'typebox';
import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { SECRET } from '../../kubernetes/resources.ts';
import { mark, MANAGERS, type Mark } from './shared/managers.ts';

const options = Type.Partial(
  Type.Object({
    managers: Type.Array(mark, {
      default: [...MANAGERS],
      description: 'The managers whose Secrets pass, by what they write.',
    }),
    also: Type.Array(mark, {
      default: [],
      description: 'Further ones, such as an operator that makes the Secrets of its databases.',
    }),
  }),
  { additionalProperties: false },
);
type Options = Required<Static<typeof options>>;

/**
 * Forbidden: a Secret that shows no mark of a manager in its ownerReferences, labels, annotations or type.
 * Allowed:   one of External Secrets, Sealed Secrets, cert-manager, the CSI driver, Helm's release storage …
 * The marks are what the managers write, and anybody else may write them too: this is about order, not
 * about defence. So it never denies by default, and no other policy goes by these marks.
 * @see https://github.com/external-secrets/external-secrets/blob/main/apis/externalsecrets/v1/externalsecret_types.go `LabelManaged`
 * @see https://github.com/kubernetes-sigs/secrets-store-csi-driver/blob/main/controllers/secretproviderclasspodstatus_controller.go `SecretManagedLabel`
 */
export const policy = {
  meta: {
    id: 'secret-unmanaged',
    title: 'Secret that no external manager keeps',
    practice: 'External secret managers',
    rationale:
      'A Secret written by hand or by a pipeline has no source of truth: nobody rotates it, nobody knows who has a copy, and a restored or new cluster lacks it. A manager fetches it from a vault, renews it, and leaves a trace of each access there.',
    remediation:
      'Keep the value in a vault and let External Secrets, the Secrets Store CSI driver, cert-manager or Sealed Secrets make the Secret.',
    whenNotToUse:
      'Where Secrets come from nowhere but a deployment pipeline by intention. Do not set it to deny: the marks by which managers are known can be written by anybody. Operators that make Secrets of their own belong in the option `also`.',
    severity: 'low',
    modes: { baseline: 'off', strict: 'warn' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Good practices for Kubernetes Secrets: external secret store providers',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#use-external-secret-store-providers',
      },
      {
        title: 'External Secrets: ownership and deletion policy',
        url: 'https://external-secrets.io/latest/guides/ownership-deletion-policy/',
      },
    ],
    messages: {
      unmanaged: {
        message:
          'no manager of secrets keeps this Secret, so nothing rotates it, and no vault knows who reads it',
        fix: 'keep the value in a vault and write an ExternalSecret (or a SecretProviderClass, a Certificate, a SealedSecret) that makes this Secret',
      },
    },
  },
  options,

  *check(subject, { managers, also }): Iterable<Report> {
    const { object } = subject;
    if ([...managers, ...also].some((each) => bears(object, each))) return;
    const at = object.at('metadata', 'ownerReferences');
    yield { message: 'unmanaged', at, params: {}, referent: [] };
  },
} satisfies PolicyModule<Options>;

function bears(object: Field, { owner, label, annotation, type }: Mark): boolean {
  const metadata = object.get('metadata');
  return (
    (owner === undefined || isOwnedBy(metadata, owner)) &&
    (label === undefined || hasEntry(metadata.get('labels'), label)) &&
    (annotation === undefined || hasEntry(metadata.get('annotations'), annotation)) &&
    (type === undefined || object.get('type').text() === type)
  );
}

function isOwnedBy(metadata: Field, owner: string): boolean {
  return metadata
    .get('ownerReferences')
    .items()
    .some((reference) => {
      const apiVersion = reference.get('apiVersion').text() ?? '';
      const kind = reference.get('kind').text() ?? '';
      return `${apiVersion.replace(/\/.*$/, '')}/${kind}` === owner;
    });
}

function hasEntry(map: Field, wanted: string): boolean {
  const equals = wanted.indexOf('=');
  if (equals < 0) return map.get(wanted).present;
  return map.get(wanted.slice(0, equals)).text() === wanted.slice(equals + 1);
}
