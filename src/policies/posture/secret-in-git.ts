import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { quoteKey, series } from '../../engine/safe-text.ts';
import { isPlaceholder } from '../../detect/weak.ts';
import { SECRET } from '../../kubernetes/resources.ts';
import { isSopsValue } from './shared/sops.ts';

/**
 * Forbidden: a Secret in a file with a value in `data` or `stringData`.
 * Allowed:   no values, empty ones and placeholders (`<password>`, `${DB_PASSWORD}`, also in base64); values
 *            that SOPS encrypted, beside its `sops` map; a SealedSecret, which is another kind; what comes
 *            from the standard input, which Helm or Kustomize made.
 */
export const policy = {
  meta: {
    id: 'secret-in-git',
    title: 'Secret with values in a file',
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
    appliesTo: { resources: [SECRET], operations: ['CREATE'] },
    needs: [],
    references: [
      {
        title: 'Good practices for Kubernetes Secrets: avoid sharing Secret manifests',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#avoid-sharing-secret-manifests',
      },
      { title: 'SOPS: secrets operations', url: 'https://getsops.io/docs/' },
      { title: 'Sealed Secrets', url: 'https://github.com/bitnami-labs/sealed-secrets' },
    ],
    messages: {
      'values-in-file': {
        message:
          'this file holds the values of {keys}: everybody who can read the repository has them, and its history keeps them',
        fix: 'an ExternalSecret or SealedSecret, or SOPS; then rotate what was committed',
      },
    },
  },

  *check(subject): Iterable<Report> {
    if (subject.origin !== 'file') return;
    const { object } = subject;
    const encrypted = object.get('sops').present;
    const maps = ['data', 'stringData'].map((key) => object.get(key));
    const holding = maps.map((at) => ({ at, entries: valuesIn(at, encrypted) }));
    const [first] = holding.filter(({ entries }) => entries.length > 0);
    if (first === undefined) return;
    const keys = holding.flatMap(({ entries }) => entries.map(quoteKey));
    yield {
      message: 'values-in-file',
      at: first.at,
      params: { keys: series(keys) },
      referent: keys,
    };
  },
} satisfies PolicyModule;

/** The entries of a map with a value that somebody could use. */
function valuesIn(map: Field, encrypted: boolean): readonly Field[] {
  return map.entries().filter((entry) => {
    const text = (entry.text() ?? '').trim();
    if (text === '' || (encrypted && isSopsValue(text))) return false;
    return !isPlaceholder(text) && !(map.key === 'data' && isPlaceholder(decoded(text)));
  });
}

/** As much as a placeholder can be long. */
function decoded(base64: string): string {
  return Buffer.from(base64.slice(0, 512), 'base64').toString('latin1');
}
