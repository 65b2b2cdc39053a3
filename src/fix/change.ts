import { isJsonObject } from '../engine/field.ts';

/** Keys and indices from the root of a document. */
export type Path = readonly (string | number)[];

/** What is written into a manifest. A number is always a file mode: octal in YAML, decimal in JSON. */
export type Plain =
  string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** One change of a document: what its object becomes, and where its text is edited, both follow from it. */
export type Change =
  /** Gives a key of a map a value, in place of a scalar or as a new key, after `after` where that is there. */
  | {
      readonly type: 'set';
      readonly at: Path;
      readonly key: string;
      readonly value: Plain;
      readonly after?: string;
    }
  /** Puts items at the end of a list. */
  | { readonly type: 'append'; readonly at: Path; readonly items: readonly Plain[] }
  /** Puts another key and value in the place of a key and all that stands below it. */
  | {
      readonly type: 'swap';
      readonly at: Path;
      readonly key: string;
      readonly newKey: string;
      readonly value: Plain;
    };

/** A document's value after a change; the given one stays as it is. */
export function changed(document: unknown, change: Change): unknown {
  return changedAt(document, change.at, (value) => {
    switch (change.type) {
      case 'set':
        return { ...mapOf(value), [change.key]: change.value };
      case 'append':
        return [...listOf(value), ...change.items];
      case 'swap': {
        const rest = Object.entries(mapOf(value)).filter(([key]) => key !== change.key);
        return { ...Object.fromEntries(rest), [change.newKey]: change.value };
      }
    }
  });
}

function changedAt(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (typeof key === 'number') {
    return listOf(value).map((item, at) => (at === key ? changedAt(item, rest, change) : item));
  }
  const map = mapOf(value);
  return { ...map, [key]: changedAt(map[key], rest, change) };
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether what is written is a list. */
export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Whether what is written is a map. */
export function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return isJsonObject(value);
}
