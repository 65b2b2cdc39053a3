import { describe, expect, it } from '@jest/globals';
import { listInto } from '../../../src/cluster/inventory.ts';
import type { Answer, Reader } from '../../../src/cluster/reader.ts';
import { defaultSettings } from '../../../src/config/load.ts';
import { startClusterScan } from '../../../src/scan/cluster.ts';
import type { WantedKind } from '../../../src/scan/kinds.ts';

const PODS = { group: '', resource: 'pods', isWorkload: true };
const CLUSTER_ROLES = {
  ...{ group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  isWorkload: false,
};

const list = (kind: string, name: string, namespaced: boolean): object => ({
  resources: [{ name, kind, namespaced, verbs: ['list'] }],
});
const ROLE = { metadata: { name: 'reader' }, rules: [] };
const RBAC = '/apis/rbac.authorization.k8s.io';

/** A server with a ClusterRole and no Pod, which answers `status` to who asks for a namespace. */
function server(status: number, pods = 200, roles = 200): Reader {
  const bodies: Readonly<Record<string, object>> = {
    '/apis': {
      groups: [{ name: 'rbac.authorization.k8s.io', preferredVersion: { version: 'v1' } }],
    },
    '/api/v1': list('Pod', 'pods', true),
    [`${RBAC}/v1`]: list('ClusterRole', 'clusterroles', false),
  };
  return (path) => {
    const { pathname } = new URL(path, 'http://server');
    const answer = (given: number, body: object = {}): Promise<Answer> =>
      Promise.resolve({ status: given, body, tooLarge: false });
    if (pathname.endsWith('/pods')) return answer(pods, { items: [] });
    if (pathname.endsWith('/clusterroles')) return answer(roles, { items: [ROLE] });
    return pathname.startsWith('/api/v1/namespaces/')
      ? answer(status)
      : answer(200, bodies[pathname]);
  };
}

async function told(
  read: Reader,
  namespace: string | undefined,
  kinds: readonly WantedKind[] = [CLUSTER_ROLES, PODS],
): Promise<readonly string[]> {
  const scan = startClusterScan({ settings: defaultSettings(), now: 0, context: 'prod' });
  const onProgress = (): void => undefined;
  await listInto(scan, read, { kinds, namespace, named: [], limit: 9, onProgress });
  const { errors, notes } = scan.finish();
  return [
    ...errors.map(({ file, message }) => `error ${file} ${message}`),
    ...notes.map(({ file, message }) => `note ${file} ${message}`),
  ];
}

describe('a namespace without objects', () => {
  it('is clean where it is there, and said to be empty', async () => {
    expect(await told(server(200), 'shop')).toEqual([
      'note cluster:prod/namespaces namespace "shop" has no object of the kinds that are judged',
    ]);
  });

  it('is not judged where it may not be asked whether it is there', async () => {
    expect(await told(server(403), 'shop')).toEqual([
      'error cluster:prod/namespaces nothing was found in namespace "shop", and whether it is there may not be asked: check its name, or grant the verb "get" on the resource "namespaces"',
    ]);
  });

  it('is not judged then without the ClusterRoles either, which only decide on others', async () => {
    expect(await told(server(403, 200, 403), 'shop')).toEqual([
      expect.stringMatching(
        /^error cluster:prod\/namespaces nothing was found in namespace "shop"/,
      ),
      expect.stringMatching(/^note cluster:prod\/clusterroles\S+ not allowed to list/),
    ]);
  });

  it('is not said to be empty where a kind could not be listed', async () => {
    expect(await told(server(200, 403), 'shop')).toEqual([
      expect.stringMatching(/^error cluster:prod\/pods not allowed to list pods \(403\)/),
    ]);
  });
});

describe('a cluster without objects', () => {
  it('is no clean one', async () => {
    expect(await told(server(200), undefined, [PODS])).toEqual([
      'error cluster:prod/namespaces the server has no object of the kinds that are judged',
    ]);
    expect(await told(server(200), undefined)).toEqual([]);
  });

  it('nor is one of which nothing was asked', async () => {
    expect(await told(server(200), 'shop', [])).toEqual([
      'error cluster:prod/namespaces no kind was asked for: every policy on those that are listed is off',
    ]);
  });
});
