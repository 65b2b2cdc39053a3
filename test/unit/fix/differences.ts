// How the objects of a file differ after a fix, told as the findings that it answers; anything else is itself.
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../../src/engine/field.ts';

/** `policy path` for each intended change of an object, in lists too; `? path` for any other. */
export function differences(before: readonly unknown[], after: readonly unknown[]): string[] {
  const [ours, theirs] = [before.flatMap(objectsOf), after.flatMap(objectsOf)];
  if (ours.length !== theirs.length || before.length !== after.length) return ['? documents'];
  return ours.flatMap((object, at) => between(object, theirs[at], ''));
}

function objectsOf(document: unknown): readonly unknown[] {
  if (!isJsonObject(document) || document['kind'] !== 'List') return [document];
  const items: unknown = document['items'];
  return Array.isArray(items) ? items : [document];
}

function between(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const known = intended(before, after, path);
  if (known !== undefined) return known;
  if (Array.isArray(before) && Array.isArray(after)) {
    const added: readonly unknown[] = after.slice(before.length);
    if (added.length > 0 && !/\.(?:volumes|volumeMounts)$/.test(path)) return [`? ${path}`];
    const items: readonly unknown[] = before;
    return [
      ...items.flatMap((item, at) => between(item, after[at], `${path}[${at}]`)),
      ...added.flatMap((item) => (isAddition(item, path) ? [] : [`? ${path}[+]`])),
    ];
  }
  if (!isJsonObject(before) || !isJsonObject(after)) return [`? ${path}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    between(before[key], after[key], path === '' ? key : `${path}.${key}`),
  );
}

function intended(before: unknown, after: unknown, path: string): string[] | undefined {
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (key === 'readOnly' && after === true) return [`secret-volume-writable ${path}`];
  if (/^(?:defaultM|m)ode$/.test(key) && after === 0o440) return [`secret-volume-mode ${path}`];
  if (key === 'automountServiceAccountToken' && before === undefined && after === false)
    return [`service-account-token-automount ${path}`];
  if (/^env\[\d+\]$/.test(key)) return moved(before, after, path);
  // A list that was not there is one of additions.
  if (before === undefined && /^(?:volumes|volumeMounts)$/.test(key) && Array.isArray(after))
    return after.every((item) => isAddition(item, path)) ? [] : undefined;
  return undefined;
}

function moved(before: unknown, after: unknown, path: string): string[] | undefined {
  if (!isJsonObject(before) || !isJsonObject(after)) return undefined;
  const { name, valueFrom } = before;
  const { value } = after;
  if (valueFrom === undefined || typeof value !== 'string') return undefined;
  const isMoved = isDeepStrictEqual(after, { name: `${String(name)}_FILE`, value });
  return isMoved ? [`secret-env-ref ${path}.valueFrom.secretKeyRef`] : undefined;
}

function isAddition(item: unknown, path: string): boolean {
  if (!isJsonObject(item)) return false;
  const { name, mountPath, readOnly, secret } = item;
  if (path.endsWith('volumeMounts'))
    return isDeepStrictEqual(item, { name, mountPath, readOnly: true }) && readOnly === true;
  return (
    isJsonObject(secret) &&
    isDeepStrictEqual(item, { name, secret }) &&
    (secret['defaultMode'] === 0o440 || secret['defaultMode'] === 0o400)
  );
}
