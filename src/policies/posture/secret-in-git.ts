import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { quoteKey, series } from '../../engine/safe-text.ts';
import { isPlaceholder } from '../../detect/weak.ts';
import { SECRET } from '../../kubernetes/resources.ts';
import { CREDENTIAL_KINDS, credentialPlaces } from './shared/file-credentials.ts';
import { isSopsValue } from './shared/sops.ts';

/**
 * Forbidden: a Secret in a file with a value in `data` or `stringData`; kubeadm's InitConfiguration or
 *            JoinConfiguration with a bootstrap token or a `certificateKey`; a kubeconfig with a token, a
 *            password or a private key in it.
 * Allowed:   no values, empty ones, placeholders (`<password>`, `${DB_PASSWORD}`, also in base64) and
 *            references that a tool fills in (`op://vault/item/field`, `ref+vault://path`); values
 *            that SOPS encrypted, beside its `sops` map; a SealedSecret, which is another kind; paths to
 *            files, and a kubeconfig's plugin; what comes from the standard input, which Helm or Kustomize
 *            made.
 */
export const policy = {
  meta: {
    id: 'secret-in-git',
    title: 'Secret or credential with its value in a file',
    practice: 'No secrets in Git or plain configuration',
    rationale:
      'Base64 is no encryption. A Secret in a repository is read by everybody who can clone it, in every fork and every copy of its history, and taking the file out again takes nothing back.',
    remediation:
      'Keep the value in a manager and let an ExternalSecret, a SealedSecret or SOPS bring it to the cluster. Take the value out of the history, and rotate it: it is known.',
    whenNotToUse:
      'For files outside of version control, and for test data that opens nothing: grant those an exception.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    scope: 'files',
    appliesTo: { resources: [SECRET, ...CREDENTIAL_KINDS], operations: ['CREATE'] },
    needs: [],
    references: [
      {
        title: 'Good practices for Kubernetes Secrets: avoid sharing Secret manifests',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#avoid-sharing-secret-manifests',
      },
      { title: 'SOPS: secrets operations', url: 'https://getsops.io/docs/' },
      {
        title: 'kubeadm: bootstrap tokens',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
      },
      { title: 'Sealed Secrets', url: 'https://github.com/bitnami-labs/sealed-secrets' },
    ],
    messages: {
      'values-in-file': {
        message:
          'this file holds the values of {keys}: everybody who can read the repository has them, and its history keeps them',
        fix: 'an ExternalSecret or SealedSecret, or SOPS; then rotate what was committed',
      },
      'bootstrap-token': {
        message:
          'this file holds a bootstrap token: everybody who can read the repository can join a node with it while it is good, and a node reads the Secrets of its pods',
        fix: 'kubeadm token create for each join; kubeadm token delete for the one that was committed',
      },
      'certificate-key': {
        message:
          'this file holds the key to the certificates in the Secret kubeadm-certs: whoever has both is the authority of the cluster',
        fix: 'no certificateKey: kubeadm init --upload-certs makes one that is good for two hours',
      },
      kubeconfig: {
        message:
          'this file holds {what} with which everybody who can read the repository logs in as the user {user}',
        fix: 'exec: {command: <plugin that asks for a login>}; then revoke what was committed',
      },
    },
  },

  *check(subject): Iterable<Report> {
    if (subject.origin !== 'file') return;
    const { object, kind } = subject;
    const encrypted = object.get('sops').present;
    if (kind === SECRET.kind) yield* judgeSecret(object, encrypted);
    for (const { at, ...told } of credentialPlaces(subject)) {
      if (isValue(at, encrypted, at.key === 'client-key-data')) {
        yield { ...told, at, referent: Object.values(told.params) };
      }
    }
  },
} satisfies PolicyModule;

function* judgeSecret(object: Field, encrypted: boolean): Iterable<Report> {
  const maps = ['data', 'stringData'].map((key) => object.get(key));
  const holding = maps.map((at) => ({
    at,
    entries: at.entries().filter((entry) => isValue(entry, encrypted, at.key === 'data')),
  }));
  const [first] = holding.filter(({ entries }) => entries.length > 0);
  if (first === undefined) return;
  const keys = holding.flatMap(({ entries }) => entries.map(quoteKey));
  const params = { keys: series(keys) };
  yield { message: 'values-in-file', at: first.at, params, referent: keys };
}

/** What `kubectl config view` writes in the place of a value. */
const OMITTED = 'DATA+OMITTED';

/** Whether a field holds something that somebody could use. */
function isValue(field: Field, encrypted: boolean, inBase64: boolean): boolean {
  const text = (field.text() ?? '').trim();
  if (text === '' || text === OMITTED || (encrypted && isSopsValue(text))) return false;
  return !standsForAnother(text) && !(inBase64 && standsForAnother(decoded(text)));
}

/** Where a tool that fills the file in finds the value: 1Password's `op://vault/item/field`, `ref+vault://path`. */
const REFERENCE = /^(?:op|ref\+[a-z0-9]{1,32}):\/\/\S+$/;

function standsForAnother(text: string): boolean {
  return isPlaceholder(text) || REFERENCE.test(text.trim());
}

/** As much as a placeholder can be long. */
function decoded(base64: string): string {
  return Buffer.from(base64.slice(0, 512), 'base64').toString('latin1');
}
