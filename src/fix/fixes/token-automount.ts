import { fieldPath, keysTo } from '../../engine/path.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import type { Fix } from '../fix.ts';

const KEY = 'automountServiceAccountToken';

/** `automountServiceAccountToken: false` in the pod spec; not where somebody wrote true, and so wants the token. */
export const tokenAutomount: Fix = {
  policy: 'service-account-token-automount',
  extra: 'automount',

  *plans({ subject, wanted }) {
    for (const { spec } of podTemplates(subject)) {
      const field = spec.get(KEY);
      const finding = wanted.get(fieldPath(field));
      if (finding === undefined) continue;
      if (field.present) {
        yield {
          finding,
          reason:
            'it says true, so somebody wants the token: write false by hand where nobody does',
        };
        continue;
      }
      const change = {
        type: 'set',
        at: keysTo(spec),
        key: KEY,
        value: false,
        after: 'serviceAccountName',
      } as const;
      yield {
        findings: [finding],
        changes: [change],
        advice: ['a program that calls the Kubernetes API needs a projected token of its own now'],
      };
    }
  },
};
