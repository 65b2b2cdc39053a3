import type { PolicyModule, Report } from '../../engine/policy.ts';
import { join, name } from '../../engine/safe-text.ts';
import { containerOf, containerText } from '../../kubernetes/container.ts';
import { containers } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';

/**
 * Forbidden: `env[].valueFrom.secretKeyRef` in any container of any pod template.
 * Allowed:   every other `env[]` entry; the same Secret mounted as a volume.
 */
export const policy = {
  meta: {
    id: 'secret-env-ref',
    title: 'Environment variable from a Secret',
    practice: 'Files, not environment variables',
    rationale:
      'A Secret in an environment variable is read by every process of the container and by `/proc/<pid>/environ`, is inherited by child processes, ends up in crash dumps and `kubectl exec -- env`, and never sees a rotation until the pod restarts.',
    remediation:
      'Mount the Secret as a read-only volume and read the file: a mounted Secret is updated in place when it is rotated.',
    whenNotToUse:
      'For software that reads a credential from its environment only. Grant that workload an exception with an owner and an expiry, and ask its makers for a `*_FILE` variable.',
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
      'secret-key-ref': {
        message:
          'env {variable} of {container} comes from Secret {secret}: every process, crash dump and `kubectl exec -- env` shows it, and a rotation does not reach it',
        fix: 'mount it: volumes: [{name: {secret}, secret: {secretName: {secret}, defaultMode: 0440}}], volumeMounts: [{name: {secret}, mountPath: /run/secrets/{secret}, readOnly: true}]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const container of containers(subject)) {
      for (const variable of container.field.get('env').items()) {
        const at = variable.at('valueFrom', 'secretKeyRef');
        if (!at.present) continue;
        const secret = name(at.get('name'));
        yield {
          message: 'secret-key-ref',
          at,
          ...containerOf(container),
          params: {
            container: containerText(container),
            secret,
            variable: name(variable.get('name')),
          },
          referent: [join('/', [secret, name(at.get('key'))])],
        };
      }
    }
  },
} satisfies PolicyModule;
