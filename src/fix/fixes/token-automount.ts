import { fieldPath, keysTo } from '../../engine/path.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { hasInjectedToken } from '../../kubernetes/token-volumes.ts';
import type { Fix } from '../fix.ts';

const KEY = 'automountServiceAccountToken';
const SAYS_TRUE =
  'it says true, so somebody wants the token: write false by hand where nobody does';
const INJECTED =
  'it has the volume that Kubernetes injects, as what was read from a cluster: take that and its mounts out too';

/** `automountServiceAccountToken: false` in the pod spec; not where somebody wrote true, and so wants the token. */
export const tokenAutomount: Fix = {
  policy: 'service-account-token-automount',
  extra: 'automount',

  *plans({ subject, wanted }) {
    for (const template of podTemplates(subject)) {
      const { spec } = template;
      const field = spec.get(KEY);
      const finding = wanted.get(fieldPath(field));
      if (finding === undefined) continue;
      const reason = field.present ? SAYS_TRUE : hasInjectedToken(template) ? INJECTED : undefined;
      if (reason !== undefined) {
        yield { finding, reason };
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
