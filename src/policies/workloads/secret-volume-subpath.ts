import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name } from '../../engine/safe-text.ts';
import { containerOf, containerText } from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import { secretMounts } from '../../kubernetes/secret-volumes.ts';

/**
 * Forbidden: `subPath` or `subPathExpr` on a mount of a volume with Secrets.
 * Allowed:   a mount of the whole volume, with `items` for single keys; an empty `subPath`.
 * The kubelet renews a secret volume by swapping a symbolic link in its folder. A subPath is a bind mount
 * of the file that the link led to when the container started, and stays with it.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod
 * @see https://secrets-store-csi-driver.sigs.k8s.io/known-limitations
 */
export const policy = {
  meta: {
    id: 'secret-volume-subpath',
    title: 'Secret mounted by subPath, which never sees a rotation',
    practice: 'Rotation',
    rationale:
      "A Secret that is mounted as a whole is updated in place when it changes. A `subPath` mount keeps the file of the container's start, so a rotated credential does not reach the program, and the revoked one stays on disk until a restart.",
    remediation:
      'Mount the volume without `subPath` in a folder of its own, choose its keys with `items`, and give the program that path.',
    whenNotToUse:
      'For Secrets that are `immutable: true`, and programs that are restarted at each rotation (by a checksum annotation, or a reloader).',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Mounted Secrets are updated automatically',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#mounted-secrets-are-updated-automatically',
      },
    ],
    messages: {
      'sub-path': {
        message:
          '{container} mounts {secrets} by subPath: the file stays as it was at the start of the container, and a rotation does not reach it',
        fix: 'without subPath, in a folder of its own: volumeMounts: [{name: {volume}, mountPath: /run/secrets/{volume}, readOnly: true}], with items: in the volume for the keys that are needed',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const template of podTemplates(subject)) {
      for (const { container, mount, secrets, referent } of secretMounts(template)) {
        const [at] = [mount.get('subPath'), mount.get('subPathExpr')].filter(
          (path) => (path.text() ?? '') !== '',
        );
        if (at === undefined) continue;
        yield {
          message: 'sub-path',
          at,
          ...containerOf(container),
          params: {
            container: containerText(container),
            secrets,
            volume: name(mount.get('name')),
          },
          referent: [...referent, name(mount.get('mountPath'))],
        };
      }
    }
  },
} satisfies PolicyModule;
