import { isJsonObject } from '../engine/field.ts';
import { CONTAINER_CLASSES } from './container.ts';
import { DRIVERS } from './volume-drivers.ts';

/** The volume types that may name a Secret or hold a token. */
const SOURCES = ['secret', 'projected', ...DRIVERS.keys()];

/** Keys one of which every template or container has. */
const TELLING: ReadonlySet<string> = new Set([
  ...CONTAINER_CLASSES,
  'volumes',
  'image',
  'env',
  'envFrom',
]);

/** Whether a map with these keys can be a template or a container at all. */
export function showsTemplate(keys: readonly string[]): boolean {
  return keys.some((key) => TELLING.has(key));
}

/** Nothing that a container has is there with another type: docker's `env: [A=b]` is another thing. */
export function hasContainerShape(value: unknown): boolean {
  return (
    isMapOrNull(value) &&
    ['env', 'envFrom', 'volumeMounts'].every((key) => isListOfMaps(own(value, key) ?? []))
  );
}

/** A container outside the lists of a pod spec; one without an image shows itself by its references. */
export function isStrayContainer(value: unknown): boolean {
  if (!hasContainerShape(value)) return false;
  if (typeof own(value, 'image') === 'string') {
    const lists = ['env', 'envFrom', 'command', 'args', 'volumeMounts'];
    return lists.some((key) => Array.isArray(own(value, key)));
  }
  return (
    itemsOf(value, 'env').some((variable) => isJsonObject(own(variable, 'valueFrom'))) ||
    itemsOf(value, 'envFrom').some((source) => isJsonObject(own(source, 'secretRef')))
  );
}

/** The indices of volumes, where one of the list names a Secret or holds a token: others matter to none. */
export function volumesIn(value: unknown): readonly number[] {
  const list = own(value, 'volumes');
  if (!isListOfMaps(list) || !list.some(holdsSource)) return [];
  return list.flatMap((volume, index) => (hasVolumeShape(volume) ? [index] : []));
}

function holdsSource(volume: unknown): boolean {
  return SOURCES.some((source) => isJsonObject(own(volume, source)));
}

function hasVolumeShape(volume: unknown): boolean {
  return SOURCES.every((source) => isMapOrNull(own(volume, source) ?? null));
}

/** An own property: `__proto__` and `constructor` are keys like others. */
export function own(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function itemsOf(value: unknown, key: string): readonly unknown[] {
  const list = own(value, key);
  return Array.isArray(list) ? list : [];
}

function isListOfMaps(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isMapOrNull);
}

function isMapOrNull(value: unknown): boolean {
  return value === null || isJsonObject(value);
}
