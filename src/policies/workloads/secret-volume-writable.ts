import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { literal, name } from '../../engine/safe-text.ts';
import { containerOf, containerText } from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import { secretMounts } from '../../kubernetes/secret-volumes.ts';

/**
 * Forbidden: a `volumeMounts[]` entry of a volume with Secrets without `readOnly: true`.
 * Allowed:   `readOnly: true`, also where the volume itself says so (CSI).
 * It is about saying what is so: the kubelet mounts secret and projected volumes read-only whatever
 * stands there, by the `ReadOnly` of the volume's own attributes.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/kubelet/kubelet_pods.go `makeMounts`
 */
export const policy = {
  meta: {
    id: 'secret-volume-writable',
    title: 'Secret mount that does not say it is read-only',
    practice: 'Files, not environment variables',
    rationale:
      'The kubelet mounts Secrets read-only whatever the manifest says. A mount that does not say so misleads its reader, and gives a writable one if the volume later becomes of another type.',
    remediation: 'Add `readOnly: true` to the mount.',
    whenNotToUse: 'Where manifests come from a chart that cannot set it: nothing is at risk today.',
    severity: 'low',
    modes: { baseline: 'audit', strict: 'warn' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Using Secrets as files from a Pod',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod',
      },
    ],
    messages: {
      mount: {
        message:
          '{container} mounts {secrets} without readOnly: true: the kubelet mounts it so anyway, and the manifest should say what is so',
        fix: 'volumeMounts: [{name: {volume}, mountPath: {path}{rest}, readOnly: true}]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const template of podTemplates(subject)) {
      for (const { container, mount, secrets, referent, readOnly } of secretMounts(template)) {
        const at = mount.get('readOnly');
        if (at.flag() === true || readOnly) continue;
        const path = name(mount.get('mountPath'));
        yield {
          message: 'mount',
          at,
          ...containerOf(container),
          params: {
            container: containerText(container),
            secrets,
            volume: name(mount.get('name')),
            path,
            rest: isPart(mount) ? literal(', subPath: <as before>') : literal(''),
          },
          referent: [...referent, path],
        };
      }
    }
  },
} satisfies PolicyModule;

function isPart(mount: Field): boolean {
  return ['subPath', 'subPathExpr'].some((key) => (mount.get(key).text() ?? '') !== '');
}
