import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name } from '../../engine/safe-text.ts';
import { containerOf, containerText } from '../../kubernetes/container.ts';
import { containers } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';

/**
 * Forbidden: `envFrom[].secretRef` in any container of any pod template.
 * Allowed:   `envFrom[].configMapRef`; the same Secret mounted as a volume.
 */
export const policy = {
  meta: {
    id: 'secret-env-from',
    title: 'Whole Secret as environment variables',
    practice: 'Files, not environment variables',
    rationale:
      'With `envFrom` every key of a Secret, also one that is added later, becomes an environment variable: readable by every process of the container, inherited by child processes, printed by `kubectl exec -- env` and by crash reporters, and never rotated until the pod restarts.',
    remediation:
      'Mount the Secret as a read-only volume, with `items` for the keys that the program needs.',
    whenNotToUse:
      'For software that reads its credentials from its environment only. Grant that workload an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Using Secrets as files from a Pod',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod',
      },
    ],
    messages: {
      'secret-ref': {
        message:
          'envFrom of {container} puts every key of Secret {secret} into its environment: every process, crash dump and `kubectl exec -- env` shows them, and a rotation does not reach them',
        fix: 'mount it: volumes: [{name: {secret}, secret: {secretName: {secret}, defaultMode: 0440}}], volumeMounts: [{name: {secret}, mountPath: /run/secrets/{secret}, readOnly: true}]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const container of containers(subject)) {
      for (const source of container.field.get('envFrom').items()) {
        const at = source.get('secretRef');
        if (!at.present) continue;
        const secret = name(at.get('name'));
        yield {
          message: 'secret-ref',
          at,
          ...containerOf(container),
          params: { container: containerText(container), secret },
          referent: [secret],
        };
      }
    }
  },
} satisfies PolicyModule;
