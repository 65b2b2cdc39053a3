// Reading what the API server sent, by own properties only.
import { own } from '../kubernetes/shapes.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at these keys; undefined where one is missing. */
export function field(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce(own, value);
}

/** The object at these keys; an empty one where it is missing or something else. */
export function objectAt(value: unknown, ...keys: readonly string[]): JsonObject {
  const found = field(value, ...keys);
  return isObject(found) ? found : {};
}

/** The text at these keys; empty where it is missing or something else. */
export function textAt(value: unknown, ...keys: readonly string[]): string {
  const found = field(value, ...keys);
  return typeof found === 'string' ? found : '';
}
