import type { Field } from '../../engine/field.ts';
import { fieldPath, keysTo } from '../../engine/path.ts';
import type { PodTemplate } from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { secretMounts } from '../../kubernetes/secret-volumes.ts';
import type { Fix } from '../fix.ts';

/** `readOnly: true` on the mount. The kubelet mounts Secrets so anyway, but not what a CSI driver brings. */
export const mountReadOnly: Fix = {
  policy: 'secret-volume-writable',

  *plans({ subject, wanted }) {
    for (const template of podTemplates(subject)) {
      for (const { mount } of secretMounts(template)) {
        const finding = wanted.get(fieldPath(mount.get('readOnly')));
        if (finding === undefined) continue;
        if (volumeOf(template, mount.get('name').text())?.get('csi').present === true) {
          yield {
            finding,
            reason: 'set readOnly: true on the CSI volume, and see whether its driver takes it',
          };
          continue;
        }
        const at = keysTo(mount);
        yield {
          findings: [finding],
          changes: [{ type: 'set', at, key: 'readOnly', value: true }],
          advice: [],
        };
      }
    }
  },
};

function volumeOf(template: PodTemplate, name: string | undefined): Field | undefined {
  const own = template.volumes.find((volume) => volume.get('name').text() === name);
  return own ?? (template.outer === undefined ? undefined : volumeOf(template.outer, name));
}
