import type { Field } from '../engine/field.ts';
import type { Subject } from '../engine/subject.ts';
import { CONTAINER_CLASSES, type Container, type PodTemplate } from './container.ts';
import { builtIn, isCustomGroup } from './resources.ts';
import { searchByStructure } from './structure.ts';

/**
 * Every pod template in an object: at its known place in a built-in kind, by structure in a custom one
 * (Argo Rollout, JobSet, Knative Service, Tekton Task …). Computed once per object.
 */
export function podTemplates(subject: Subject): readonly PodTemplate[] {
  return subject.object.once(podTemplates, () => findTemplates(subject));
}

/** Every container of every class in every pod template of an object. */
export function* containers(subject: Subject): Generator<Container> {
  for (const template of podTemplates(subject)) yield* template.containers;
}

function findTemplates(subject: Subject): readonly PodTemplate[] {
  const resource = builtIn(subject.group, subject.kind);
  if (resource?.podTemplate !== undefined) {
    const template = subject.object.at(...resource.podTemplate);
    return template.present ? [templateAt(template)] : [];
  }
  if (resource !== undefined || !isCustomGroup(subject.group)) return [];
  return searchByStructure(subject.object);
}

/** Reads each list, so that a malformed one is noted even where no policy comes to look at it. */
function templateAt(field: Field): PodTemplate {
  const spec = field.get('spec');
  const found: Container[] = [];
  for (const name of CONTAINER_CLASSES) {
    for (const container of spec.get(name).items()) found.push({ class: name, field: container });
  }
  const volumes = spec.get('volumes').items();
  return { field, spec, containers: found, volumes, whole: true, outer: undefined };
}
