import type { Field } from '../engine/field.ts';
import { join, literal, name, type SafeText } from '../engine/safe-text.ts';

/** The three lists of a pod spec that hold containers, and `container` for one that stands alone. */
export const CONTAINER_CLASSES = ['initContainers', 'containers', 'ephemeralContainers'] as const;
export type ContainerClass = (typeof CONTAINER_CLASSES)[number] | 'container';

export interface Container {
  readonly class: ContainerClass;
  readonly field: Field;
}

/** What one pod is made from: a whole PodTemplateSpec, or the parts of one that a custom kind has. */
export interface PodTemplate {
  /** The object that holds the pod's `metadata` and `spec`; where there is none, the part itself. */
  readonly field: Field;
  /** The PodSpec; of a part, the map in which the containers or volumes stand. */
  readonly spec: Field;
  readonly containers: readonly Container[];
  readonly volumes: readonly Field[];
  /** False for a part, and for what is laid over a pod: what it leaves out may be set by the kind's controller. */
  readonly whole: boolean;
  /** The template around this one: an Argo Workflow's `spec.volumes` serve its `spec.templates`. */
  readonly outer: PodTemplate | undefined;
}

const WORDS: Readonly<Record<ContainerClass, SafeText>> = {
  containers: literal('container'),
  initContainers: literal('init container'),
  ephemeralContainers: literal('ephemeral container'),
  container: literal('container'),
};

/** A container as messages call it: `init container migrate`; a stray one may have no name. */
export function containerText({ class: kind, field }: Container): SafeText {
  const own = field.get('name');
  return own.present ? join(' ', [WORDS[kind], name(own)]) : WORDS[kind];
}

/** The `container` of a report: the container's name, where it has one. */
export function containerOf({ field }: Container): { readonly container?: SafeText } {
  const own = field.get('name');
  return own.present ? { container: name(own) } : {};
}
