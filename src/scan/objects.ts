import { basename } from 'node:path';
import { isJsonObject } from '../engine/field.ts';
import { subjectOf, type Subject } from '../engine/subject.ts';
import {
  builtIn,
  CLUSTER_EXTERNAL_SECRET,
  CLUSTER_SECRET_STORE,
  FILE_KINDS,
} from '../kubernetes/resources.ts';

/** An object of a document, and the keys and indices that lead to it: none but in a list. */
export interface Found {
  readonly value: unknown;
  readonly at: readonly (string | number)[];
}

/** Lists in lists, which kubectl makes no use of. */
const DEEPEST_LIST = 5;

/** The objects of a document: itself, or what a `List` holds. Items take kind and version of a typed list. */
export function objectsIn(value: unknown, at: Found['at'] = []): Found[] {
  if (value === null) return [];
  if (!isJsonObject(value) || !Array.isArray(value['items']) || at.length > 2 * DEEPEST_LIST) {
    return [{ value, at }];
  }
  const { kind, apiVersion } = value;
  const typed = typeof kind === 'string' && kind !== 'List' && kind.endsWith('List');
  const items: readonly unknown[] = value['items'];
  return items.flatMap((item, index) => {
    const whole =
      typed && isJsonObject(item)
        ? { apiVersion, kind: kind.slice(0, -'List'.length), ...item }
        : item;
    return objectsIn(whole, [...at, 'items', index]);
  });
}

/** Whether a value has what every object of the API has: `both`, `neither`, or one of the two. */
export function typeMeta(value: unknown): 'both' | 'one' | 'neither' {
  if (!isJsonObject(value)) return 'neither';
  const has = ['apiVersion', 'kind'].map((key) => isText(value[key]));
  if (has.every(Boolean)) return 'both';
  return has.some(Boolean) ? 'one' : 'neither';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** The subject that the API server would see: in the namespace of the client where it names none. */
export function subjectIn(value: unknown, namespace: string): Subject {
  const subject = subjectOf(value);
  if (!isNamespaced(subject)) return { ...subject, namespace: '' };
  if (subject.namespace !== '' || !isJsonObject(value)) return subject;
  const { metadata } = value;
  const own = isJsonObject(metadata) ? metadata : {};
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
    return { ...subject, namespace };
  }
  return subjectOf({ ...value, metadata: { ...own, namespace } });
}

/** The subject of an object in a file; a kind that has no name of its own goes by that of the file. */
export function fileSubject(
  value: unknown,
  namespace: string,
  { file, stream }: { readonly file: string; readonly stream?: true },
): Subject {
  const found = subjectIn(value, namespace);
  const { group, kind } = found;
  const resource = builtIn(group, kind);
  const nameless = resource !== undefined && FILE_KINDS.includes(resource);
  return {
    ...found,
    ...(nameless && found.name === '' ? { name: basename(file) } : {}),
    origin: stream === true ? 'stream' : 'file',
  };
}

/** Custom kinds that are in no namespace, as their CustomResourceDefinitions have it; the others are in one. */
const CLUSTER_SCOPED: readonly Pick<Subject, 'group' | 'kind'>[] = [
  CLUSTER_EXTERNAL_SECRET,
  CLUSTER_SECRET_STORE,
  { group: 'apps.kruise.io', kind: 'SidecarSet' },
  { group: 'argoproj.io', kind: 'ClusterAnalysisTemplate' },
  { group: 'argoproj.io', kind: 'ClusterWorkflowTemplate' },
  { group: 'serving.kserve.io', kind: 'ClusterServingRuntime' },
  { group: 'serving.kserve.io', kind: 'ClusterStorageContainer' },
  { group: 'tekton.dev', kind: 'ClusterTask' },
  { group: 'trainer.kubeflow.org', kind: 'ClusterTrainingRuntime' },
];

function isNamespaced({ group, kind }: Subject): boolean {
  if (CLUSTER_SCOPED.some((resource) => resource.group === group && resource.kind === kind)) {
    return false;
  }
  return builtIn(group, kind)?.namespaced ?? true;
}
