import { isJsonObject, type Field } from './field.ts';
import { cut, printable } from './safe-text.ts';

/** From the outermost field to `field`, without the root itself. */
function chain(field: Field): Field[] {
  const fields: Field[] = [];
  for (let here = field; here.parent !== undefined; here = here.parent) fields.push(here);
  return fields.reverse();
}

/** The keys and indices that lead to a field from the root. */
export type Keys = readonly (string | number)[];

export function keysTo(field: Field): Keys {
  const keys: (string | number)[] = [];
  for (let here = field; here.parent !== undefined; here = here.parent) keys.push(here.key);
  return keys.reverse();
}

/**
 * The field path as the Kubernetes API server writes it in its own errors: `spec.containers[0].env`,
 * with map keys that are no identifiers in brackets, `metadata.annotations[example.com/team]`.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field#Path
 */
export function fieldPath(field: Field): string {
  return pathOf(keysTo(field));
}

/** The field path that keys and indices make. */
export function pathOf(keys: Keys): string {
  let path = '';
  for (const whole of keys) {
    const key = typeof whole === 'number' ? whole : cut(whole);
    if (typeof key === 'number') path += `[${key}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(key)) path += path === '' ? key : `.${key}`;
    else path += `[${printable(key)}]`;
  }
  return path;
}

/**
 * The path with the names of list items in place of their indices (`[]` for items without a name),
 * so that reordering a list changes nothing. A list, not one string: names may hold any character.
 */
export function stablePath(field: Field): string[] {
  return chain(field).map(({ key, value }) => {
    if (typeof key === 'string') return `.${cut(key)}`;
    const name = isJsonObject(value) && Object.hasOwn(value, 'name') ? value['name'] : undefined;
    return typeof name === 'string' ? `[${cut(name)}]` : '[]';
  });
}
