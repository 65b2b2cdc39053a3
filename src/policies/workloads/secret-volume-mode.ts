import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { fileMode, name, type SafeText } from '../../engine/safe-text.ts';
import { isWindows } from '../../kubernetes/pod-security.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import {
  secretFiles,
  secretNames,
  secretText,
  type SecretFiles,
  type SecretNames,
} from '../../kubernetes/secret-volumes.ts';

/** What the API sets where `defaultMode` is left out: SetDefaults_SecretVolumeSource, …_ProjectedVolumeSource. */
const API_DEFAULT = 0o644;

/** Any right of others, or the right of the group to write. */
const TOO_WIDE = 0o027;

/**
 * Forbidden: files of a Secret with a mode that gives others any right or lets the group write: by
 *            `defaultMode` of a secret or projected volume (0644 where it is left out), by `items[].mode`.
 * Allowed:   0440, 0400; a wide default that every item overrides. Windows pods, which know no modes.
 * The kubelet writes each file with the item's mode or else the default, and with `fsGroup` adds read for
 * that group, which takes nothing from others.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/secret/secret.go `MakePayload`
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/volume_linux.go `changeFilePermission`
 */
export const policy = {
  meta: {
    id: 'secret-volume-mode',
    title: 'Secret files that others may read',
    practice: 'Files, not environment variables',
    rationale:
      'The API gives the files of a Secret mode 0644 unless told otherwise, so every user of every container that mounts the volume reads them: a helper process, a compromised library that dropped its rights, a sidecar.',
    remediation:
      "Set `defaultMode: 0440` on the volume and `fsGroup` in the pod's securityContext for a program that is not root, or `defaultMode: 0400` for one that is root. Mind that 0400 alone is unreadable to a user other than root, and that JSON has no octal numbers: 0440 is 288 there.",
    whenNotToUse:
      'For images that run programs of several users over one Secret. Grant that workload an exception with an owner and an expiry.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Secret files permissions',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#secret-files-permissions',
      },
    ],
    messages: {
      'default-mode': {
        message:
          'files of {secrets} get mode {mode} (0644 where the volume says none), which lets more users of the container at them than need to',
        fix: 'defaultMode: 0440 on the volume, with securityContext: {fsGroup: <group of the process>} in the pod; or defaultMode: 0400 for a process that is root',
      },
      'item-mode': {
        message:
          'a file of {secrets} gets mode {mode}, which lets more users of the container at it than need to',
        fix: 'mode: 0440 on the item, with securityContext: {fsGroup: <group of the process>} in the pod; or mode: 0400 for a process that is root',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const template of podTemplates(subject)) {
      if (isWindows(template)) continue;
      for (const volume of template.volumes) yield* judge(secretFiles(volume));
    }
  },
} satisfies PolicyModule;

/** One finding for the volume's default, however many files take it, and one for each item's own mode. */
function* judge(sources: readonly SecretFiles[]): Iterable<Report> {
  const [taking] = sources.filter(takesDefault);
  if (taking !== undefined) {
    const { defaultMode } = taking;
    const mode = defaultMode.present ? defaultMode.number() : API_DEFAULT;
    const texts = sources.filter(takesDefault).map(({ secret }) => secretText(secret));
    yield* report('default-mode', defaultMode, mode, secretNames(texts));
  }
  for (const { secret, items } of sources) {
    const named = secretNames([secretText(secret)]);
    for (const item of items.items()) {
      const mode = item.get('mode');
      yield* report('item-mode', mode, mode.number(), named, name(item.get('key')));
    }
  }
}

/** Whether a file of a Secret has the volume's default mode: one without `items`, or in an item without a mode. */
function takesDefault({ items }: SecretFiles): boolean {
  const list = items.items();
  return list.length === 0 || list.some((item) => !item.get('mode').present);
}

function* report(
  message: string,
  at: Field,
  mode: number | undefined,
  { secrets, referent }: SecretNames,
  ...key: readonly SafeText[]
): Iterable<Report> {
  if (mode === undefined || (mode & TOO_WIDE) === 0) return;
  const params = { secrets, mode: fileMode(mode) };
  yield { message, at, params, referent: [...referent, params.mode, ...key] };
}
