import { isJsonObject } from '../../src/engine/field.ts';

/** Text that stands for a value, and must come out nowhere. */
export const CANARY = 'hUsh-c4nary-77f0e9';

/** Fields that the API defines as identifiers; every other text of an object may be a value. */
const IDENTIFIERS = new Set([
  'apiGroup',
  'apiGroups',
  'apiVersion',
  'audience',
  'driver',
  'image',
  'key',
  'kind',
  'mountPath',
  'name',
  'namespace',
  'nonResourceURLs',
  'resourceNames',
  'resources',
  'secretName',
  'serviceAccount',
  'serviceAccountName',
  'subPath',
  'type',
  'verbs',
  'expirationSeconds',
  'defaultMode',
  'mode',
]);

/** The object with the canary at the end of every text that may be a value, or alone with `whole`. */
export function poison(value: unknown, whole: boolean, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => poison(item, whole, key));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => {
        const free = /^(annotations|labels|data|stringData|binaryData)$/.test(key);
        return [name, poison(child, whole, free ? '' : name)];
      }),
    );
  }
  if (typeof value !== 'string' || IDENTIFIERS.has(key)) return value;
  return whole ? CANARY : `${value}${CANARY}`;
}

/** A text in every spelling that would give it away. */
export function spellings(text: string): string[] {
  return [text, Buffer.from(text).toString('base64').replace(/=+$/, '')];
}
