import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../../src/engine/field.ts';

/** Whether our documents are the objects that kubectl printed: empty ones left out, lists taken apart. */
export function sameReading(documents: readonly unknown[], objects: readonly unknown[]): boolean {
  return isDeepStrictEqual(plain(documents.flatMap(flat)), plain(objects));
}

/** As kubectl takes lists apart; `metadata: {}` is what the label leaves. */
function flat(document: unknown): unknown[] {
  if (document === null) return [];
  if (!isJsonObject(document)) return [document];
  const { items, metadata } = document;
  if (Array.isArray(items)) return items.flatMap(flat);
  if (isJsonObject(metadata) && Object.keys(metadata).length === 0) {
    return [Object.fromEntries(Object.entries(document).filter(([key]) => key !== 'metadata'))];
  }
  return [document];
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(':-0,', ':0,'));
}
