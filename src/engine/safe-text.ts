import type { Field } from './field.ts';

declare const safe: unique symbol;

/**
 * Text that may leave the process. Only the functions of this file make it, and none of them takes a
 * plain string, so a policy cannot put a value of a Secret, a ConfigMap or an env literal in a finding.
 */
export type SafeText = string & { readonly [safe]: true };

/** Fields that hold an identifier by the Kubernetes API; list items go by the key of their list. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'apiGroup',
  'apiGroups',
  'apiVersion',
  'driver',
  'generateName',
  'key',
  'kind',
  'mountPath',
  'name',
  'namespace',
  'namespaces',
  'nonResourceURLs',
  'path',
  'resourceNames',
  'resources',
  'secretName',
  'serviceAccount',
  'serviceAccountName',
  'subPath',
  'type',
  'userGroups',
  'users',
  'verbs',
]);

/** Maps with keys of the author's choosing, whose values are never identifiers. */
const VALUES: ReadonlySet<string> = new Set([
  'annotations',
  'binaryData',
  'data',
  'encryptedData',
  'labels',
  'stringData',
]);

/** Stands for what a field may hold beside an identifier. */
export const WITHHELD = '(withheld)';

/**
 * The identifier that stands in a field (a name, a kind, a verb …). A field that by its place may
 * hold anything else gives `(withheld)`.
 */
export function name(field: Field): SafeText {
  const text = isIdentifier(field) && typeof field.value === 'string' ? field.value : WITHHELD;
  return brand(printable(cut(text)));
}

/** The key under which a field stands in its map: a Secret's data key, an annotation's name. */
export function quoteKey(field: Field): SafeText {
  return brand(`"${printable(cut(String(field.key)))}"`);
}

/** A number: a count, an index, a file mode, a number of seconds. */
export function count(value: number): SafeText {
  return brand(String(value));
}

/** A file mode as `ls` and manifests write it: 0644. */
export function fileMode(mode: number): SafeText {
  return brand(`0${mode.toString(8).padStart(3, '0')}`);
}

/** A text written in the policy itself: only literal types are taken, never `string`. */
export function literal<const Text extends string>(
  text: string extends Text ? never : Text,
): SafeText {
  return brand(text);
}

/** Several texts as a list for reading, the first five and a count of the rest. */
export function series(texts: readonly SafeText[]): SafeText {
  const shown = texts.slice(0, 5).join(', ');
  return brand(texts.length > 5 ? `${shown} and ${texts.length - 5} more` : shown);
}

/** `kind name` or `kind namespace/name` and the like: texts with a separator between them. */
export function join(separator: ' ' | '/' | ', ' | ':', texts: readonly SafeText[]): SafeText {
  return brand(texts.join(separator));
}

/** Longer than any name in the API. */
const LONGEST = 1024;

/** Cuts what no name is as long as: many findings below one huge key would each repeat it. */
export function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…${text.length}` : text;
}

/**
 * Control, format, surrogate and line-separating characters as `\u{1b}`: the API server drops a whole
 * warning for one of them, and a terminal obeys them. The backslash too, so that no two texts meet.
 */
export function printable(text: string): string {
  return text.replace(
    /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function isIdentifier(field: Field): boolean {
  const key = typeof field.key === 'number' ? field.parent?.key : field.key;
  if (typeof key !== 'string' || !IDENTIFIERS.has(key)) return false;
  if (key === 'key' && !isInReference(field)) return false;
  if (key === 'path' && !isInItem(field)) return false;
  for (let above = field.parent; above !== undefined; above = above.parent) {
    if (typeof above.key === 'string' && VALUES.has(above.key)) return false;
  }
  return true;
}

/** `key` in a `…KeyRef`, and in the `items` of a secret volume, names a key of a Secret or ConfigMap. */
function isInReference(field: Field): boolean {
  return String(field.parent?.key).endsWith('Ref') || isInItem(field);
}

/** In the `items` of a secret volume: a key, and the name of the file that it becomes. */
function isInItem({ parent: item }: Field): boolean {
  return item?.parent?.key === 'items' && item.parent.parent?.key === 'secret';
}

function brand(text: string): SafeText {
  return text as SafeText;
}
