import type { Field } from '../../engine/field.ts';
import type { JudgedFinding } from '../../engine/judge.ts';
import { fieldPath, keysTo } from '../../engine/path.ts';
import type { PodTemplate } from '../../kubernetes/container.ts';
import { hasFsGroup } from '../../kubernetes/pod-security.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { secretFiles } from '../../kubernetes/secret-volumes.ts';
import type { Fix, Left, Plan } from '../fix.ts';

/** Right where the pod has an fsGroup: the kubelet gives the files to that group, which may then read them. */
const MODE = 0o440;

/** Any right to execute. */
const EXECUTE = 0o111;

/** 0440 for the files of a Secret, in pods with an fsGroup: elsewhere a program that is not root would lose them. */
export const volumeMode: Fix = {
  policy: 'secret-volume-mode',

  *plans({ subject, wanted }) {
    for (const template of podTemplates(subject)) {
      for (const field of modesIn(template)) {
        const finding = wanted.get(fieldPath(field));
        if (finding !== undefined) yield planFor(template, field, finding);
      }
    }
  },
};

/** Each field that a finding of the policy may be at, once. */
function modesIn({ volumes }: PodTemplate): readonly Field[] {
  return volumes.flatMap((volume) => {
    const sources = secretFiles(volume);
    const [first] = sources;
    const holders = sources.map(({ defaultMode }) => defaultMode);
    const own = first === undefined ? [] : [first.defaultMode];
    // A volume of both types is refused by the API; each then has a mode of its own.
    const other = holders.find((field) => field.parent?.key !== own[0]?.parent?.key);
    const items = sources.flatMap(({ items: list }) =>
      list.items().map((item) => item.get('mode')),
    );
    return [...own, ...(other === undefined ? [] : [other]), ...items];
  });
}

function planFor(template: PodTemplate, field: Field, finding: JudgedFinding): Plan | Left {
  const { key, parent } = field;
  if (!hasFsGroup(template)) {
    return {
      finding,
      reason:
        'the pod sets no fsGroup, and with a narrower mode a program that is not root could not read the file: set securityContext.fsGroup first',
    };
  }
  if (((field.number() ?? 0) & EXECUTE) !== 0) {
    return { finding, reason: 'its mode lets the file be executed, which 0440 would not' };
  }
  const after = parent?.key === 'secret' ? 'secretName' : 'path';
  return {
    findings: [finding],
    changes: [
      {
        type: 'set',
        at: parent === undefined ? [] : keysTo(parent),
        key: String(key),
        value: MODE,
        after,
      },
    ],
    advice: [],
  };
}
