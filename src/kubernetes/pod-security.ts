import type { Field } from '../engine/field.ts';
import type { Container, PodTemplate } from './container.ts';

/** Whether a pod says that it is for Windows, where file modes and numeric users mean nothing. */
export function isWindows({ spec, whole }: PodTemplate): boolean {
  return whole && spec.at('os', 'name').text() === 'windows';
}

/** Whether a pod says which group its volumes belong to, so that its files may be for that group alone. */
export function hasFsGroup({ spec, whole }: PodTemplate): boolean {
  return whole && spec.at('securityContext', 'fsGroup').number() !== undefined;
}

/** Why a container may run as root, with the field that decides it. */
export interface RootUser {
  /** True where `runAsUser` is 0; else nothing keeps the image from choosing root. */
  readonly certain: boolean;
  readonly at: Field;
}

/**
 * Whether a container may run as root: its own securityContext over the pod's, field by field. With
 * `runAsNonRoot: true` it never does, since the kubelet refuses to start one whose user is 0. In a part of
 * a pod template, what is not said is not known, and does not count.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/securitycontext/util.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/kubelet/kuberuntime/security_context.go
 */
export function rootUser(template: PodTemplate, container: Container): RootUser | undefined {
  const user = setting(template, container, 'runAsUser');
  const nonRoot = setting(template, container, 'runAsNonRoot');
  if (nonRoot.flag() === true) return undefined;
  const id = user.number();
  if (id === 0) return { certain: true, at: user };
  if (id !== undefined || !(nonRoot.present || template.whole)) return undefined;
  return { certain: false, at: nonRoot };
}

function setting({ spec }: PodTemplate, { field }: Container, key: string): Field {
  const own = field.at('securityContext', key);
  const pods = spec.at('securityContext', key);
  return own.present || !pods.present ? own : pods;
}
