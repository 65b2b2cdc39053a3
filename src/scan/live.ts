// How a report names what runs in a cluster, where there is no file.
import { isJsonObject } from '../engine/field.ts';
import type { Subject } from '../engine/subject.ts';
import { kindText, type ResourceName } from './kinds.ts';
import type { ReportedFinding } from './report.ts';
import { shown, type Place } from './told.ts';

/** The `file` of a resource type: `cluster:kind-kind/deployments.apps`. */
export function fileOfKind(context: string, kind: ResourceName): string {
  return `cluster:${shown(context)}/${kindText(kind)}`;
}

/** The place of an object: `cluster:kind-kind/namespaces/shop/deployments.apps/web`, without lines. */
export function livePlace(
  context: string,
  kind: ResourceName,
  { namespace, name }: Pick<Subject, 'namespace' | 'name'>,
): Place {
  const scope = namespace === '' ? '' : `namespaces/${shown(namespace)}/`;
  return {
    file: `cluster:${shown(context)}/${scope}${kindText(kind)}/${shown(name)}`,
    document: 1,
    position: () => ({ line: 1, column: 1 }),
  };
}

/** By namespace, kind and name, cluster-scoped objects first; the findings of one object stay in order. */
export function byObject(a: ReportedFinding, b: ReportedFinding): number {
  const keys = ['namespace', 'kind', 'name'] as const;
  const key = keys.find((one) => a[one] !== b[one]);
  if (key === undefined) return 0;
  return a[key] < b[key] ? -1 : 1;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object that is kept: without what repeats it, its managed fields and what was last applied. */
export function withoutWeight(object: unknown): unknown {
  if (!isJsonObject(object)) return object;
  const metadata = without(object['metadata'], 'managedFields');
  if (!isJsonObject(metadata)) return object;
  const annotations = without(metadata['annotations'], LAST_APPLIED);
  return { ...object, metadata: { ...metadata, annotations } };
}

function without(value: unknown, key: string): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([one]) => one !== key));
}
