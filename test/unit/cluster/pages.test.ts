import { describe, expect, it } from '@jest/globals';
import { ClusterError } from '../../../src/cluster/errors.ts';
import { pagesOf } from '../../../src/cluster/pages.ts';
import type { Answer, Reader } from '../../../src/cluster/reader.ts';

const PODS = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
const NAMES = ['a', 'b', 'c', 'd', 'e'];

const answer = (status: number, body: unknown): Answer => ({ status, body, tooLarge: false });
const page = (names: readonly string[], next?: string): Answer =>
  answer(200, {
    metadata: { continue: next },
    items: names.map((name) => ({ metadata: { name } })),
  });

/** A server with five Pods, whose token is the number of those that are behind; `instead` comes first. */
function server(
  instead: (query: URLSearchParams, call: number) => Answer | undefined = () => undefined,
): {
  readonly read: Reader;
  readonly paths: string[];
} {
  const paths: string[] = [];
  const read: Reader = (path) => {
    paths.push(path);
    const query = new URL(path, 'http://server').searchParams;
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit'));
    const rest = end < NAMES.length ? String(end) : undefined;
    return Promise.resolve(instead(query, paths.length) ?? page(NAMES.slice(start, end), rest));
  };
  return { read, paths };
}

async function list(read: Reader, limit = 2, namespace?: string): Promise<string[][]> {
  const scope = namespace === undefined ? {} : { namespace };
  const pages: string[][] = [];
  for await (const items of pagesOf(read, PODS, { limit, ...scope })) {
    pages.push(items.map((item) => (item as { metadata: { name: string } }).metadata.name));
  }
  return pages;
}

describe('a list in pages', () => {
  it('goes on until there is no token', async () => {
    const { read, paths } = server();
    expect(await list(read)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(paths).toEqual([
      '/api/v1/pods?limit=2',
      '/api/v1/pods?limit=2&continue=2',
      '/api/v1/pods?limit=2&continue=4',
    ]);
  });

  it('is of one namespace, and tells kind and version of each object', async () => {
    const { read, paths } = server();
    for await (const items of pagesOf(read, PODS, { limit: 9, namespace: 'shop' })) {
      expect(items[0]).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
    }
    expect(paths).toEqual(['/api/v1/namespaces/shop/pods?limit=9']);
  });

  it('asks for less at once where a page is too large', async () => {
    const { read } = server((query) =>
      Number(query.get('limit')) > 1 ? { status: 200, body: undefined, tooLarge: true } : undefined,
    );
    expect(await list(read, 4)).toEqual([['a'], ['b'], ['c'], ['d'], ['e']]);
  });

  it('goes on by the token of a 410, which is as things stand now', async () => {
    const { read } = server((query) =>
      query.get('continue') === '2' ? answer(410, { metadata: { continue: '3' } }) : undefined,
    );
    expect(await list(read)).toEqual([
      ['a', 'b'],
      ['d', 'e'],
    ]);
  });

  it('starts over after a 410 without one, and tells nothing twice', async () => {
    const { read } = server((_, call) => (call === 2 ? answer(410, {}) : undefined));
    expect(await list(read)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('ends where every token expires', async () => {
    const { read, paths } = server((query) =>
      query.get('continue') === null ? undefined : answer(410, { metadata: { continue: '2' } }),
    );
    await expect(list(read)).rejects.toThrow('the API server refuses to list pods (410)');
    expect(paths.length).toBeLessThan(10);
  });

  it.each([
    [403, 'forbidden', 'not allowed to list pods (403): grant the verb "list"'],
    [401, 'unauthenticated', 'the API server does not accept the credentials (401)'],
    [500, 'refused', 'the API server refuses to list pods (500)'],
  ])('%i is told by its status alone', async (status, problem, message) => {
    const { read } = server(() => answer(status, { message: 'a value' }));
    const error: unknown = await list(read).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClusterError);
    expect(error).toMatchObject({ problem, message: expect.stringContaining(message) });
    expect((error as ClusterError).message).not.toContain('a value');
  });

  it.each([
    ['no list', answer(200, { items: 'x' })],
    ['the same token again', page(['a'], '2')],
  ])('is an error with %s', async (_, wrong) => {
    const { read } = server((query) => (query.get('continue') === '2' ? wrong : undefined));
    await expect(list(read)).rejects.toThrow('the answer is no list of pods');
  });
});
