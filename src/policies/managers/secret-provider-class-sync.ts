import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name } from '../../engine/safe-text.ts';
import { SECRET_PROVIDER_CLASS } from '../../kubernetes/resources.ts';

/**
 * Forbidden: an entry of `spec.secretObjects`: the driver copies what it mounts into that Secret.
 * Allowed:   a class that only mounts.
 * @see https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
 */
export const policy = {
  meta: {
    id: 'secret-provider-class-sync',
    title: 'SecretProviderClass that copies its content into Secrets',
    practice: 'External secret managers',
    rationale:
      'The CSI driver mounts content of a vault into the pod that may have it, and nowhere else. A copy in a Secret lies in etcd and its backups, and is open to all who read Secrets in the namespace, or create pods there.',
    remediation: 'Remove `secretObjects` and read the mounted files.',
    whenNotToUse:
      'Where an Ingress takes its certificate from a Secret, or software reads its environment only. Grant that class an exception with an owner and an expiry.',
    severity: 'low',
    modes: { baseline: 'warn', strict: 'warn' },
    appliesTo: { resources: [SECRET_PROVIDER_CLASS], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Secrets Store CSI driver: sync as Kubernetes Secret',
        url: 'https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret',
      },
      {
        title: 'Good practices for Kubernetes Secrets: external secret store providers',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#use-external-secret-store-providers',
      },
    ],
    messages: {
      'secret-object': {
        message:
          'this copies what the driver mounts into Secret {secret}: into etcd, its backups, and the reach of all who read Secrets there',
        fix: 'without spec.secretObjects: read the files that the volume mounts',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const at of subject.object.at('spec', 'secretObjects').items()) {
      const secret = name(at.get('secretName'));
      yield { message: 'secret-object', at, params: { secret }, referent: [secret] };
    }
  },
} satisfies PolicyModule;
