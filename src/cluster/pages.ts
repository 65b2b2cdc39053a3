// Lists in pages, each forgotten before the next is asked for.
import { kindText, type ServedKind } from '../scan/kinds.ts';
import { ClusterError, refusal } from './errors.ts';
import { field, isObject, textAt } from './json.ts';
import type { Answer, Reader } from './reader.ts';

export interface PageOptions {
  /** Undefined for all namespaces. */
  readonly namespace?: string;
  /** Objects in a page, until one is too large. */
  readonly limit: number;
}

/** Tokens that expire one after the other, without a new object between. */
const MOST_EXPIRED = 3;

/**
 * The objects of a kind, page by page, each with its apiVersion and kind, which lists leave out. A
 * continue token that has expired (410 Gone) is exchanged for the one that the answer brings, which goes on
 * behind the last key as things stand now; without one, the list starts over and passes over what was
 * seen. Rejects with a ClusterError.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function* pagesOf(
  read: Reader,
  kind: ServedKind,
  options: PageOptions,
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>();
  let { limit } = options;
  let token = '';
  let expired = 0;
  for (;;) {
    const answer = await read(pathOf(kind, options, limit, token));
    if (answer.tooLarge && limit > 1) {
      limit = Math.floor(limit / 2);
      continue;
    }
    if (answer.status === 410 && token !== '' && expired < MOST_EXPIRED) {
      token = textAt(answer.body, 'metadata', 'continue');
      expired++;
      continue;
    }
    const { items, next } = pageIn(answer, kind, token);
    const fresh = items.filter((item) => !seen.has(keyOf(item)));
    for (const item of fresh) seen.add(keyOf(item));
    if (fresh.length > 0) {
      expired = 0;
      yield fresh;
    }
    if (next === '') return;
    token = next;
  }
}

function pathOf(
  kind: ServedKind,
  { namespace }: PageOptions,
  limit: number,
  token: string,
): string {
  const { group, version, resource, namespaced } = kind;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const isScoped = namespaced && namespace !== undefined;
  const scope = isScoped ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const query = new URLSearchParams({ limit: String(limit) });
  if (token !== '') query.set('continue', token);
  return `${root}${scope}/${resource}?${query.toString()}`;
}

function pageIn(
  { status, body, tooLarge }: Answer,
  kind: ServedKind,
  token: string,
): { readonly items: readonly unknown[]; readonly next: string } {
  if (tooLarge) throw new ClusterError('refused', `a single one of ${kindText(kind)} is too large`);
  if (status < 200 || status > 299) {
    throw refusal(status, { verb: 'list', what: kindText(kind), ...kind });
  }
  const list = field(body, 'items') ?? [];
  const next = textAt(body, 'metadata', 'continue');
  if (!Array.isArray(list) || (next !== '' && next === token)) {
    throw new ClusterError('refused', `the answer is no list of ${kindText(kind)}`);
  }
  const { group, version, kind: name } = kind;
  const types = { apiVersion: group === '' ? version : `${group}/${version}`, kind: name };
  const items: readonly unknown[] = list;
  return { items: items.map((item) => (isObject(item) ? { ...item, ...types } : item)), next };
}

function keyOf(object: unknown): string {
  return `${textAt(object, 'metadata', 'namespace')}/${textAt(object, 'metadata', 'name')}`;
}
