// How long a scan takes and what it holds, beside the bare lists of the same objects.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request } from './harness/request.ts';
import { scanCluster } from './support/scan-cluster.ts';

jest.setTimeout(600_000);

const DEPLOYMENTS = 1000;
const RBAC_OBJECTS = 5000;
const RBAC = 'rbac.authorization.k8s.io';
const ROOT = `/apis/${RBAC}/v1`;
const NAMESPACE = `${ROOT}/namespaces/default`;
const WORKERS = 16;

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  const posts = [...deployments(), ...rbacObjects()];
  const worker = async (): Promise<void> => {
    for (let next = posts.pop(); next !== undefined; next = posts.pop()) {
      const { status, body } = await request(plane, { method: 'POST', ...next });
      if (status !== 201) throw new Error(JSON.stringify(body));
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
});
afterAll(() => plane.stop());

interface Post {
  readonly path: string;
  readonly body: object;
}

function deployments(): Post[] {
  return Array.from({ length: DEPLOYMENTS }, (_, index) => {
    const labels = { app: `web-${index}` };
    const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: `db-${index}`, key: 'p' } } }];
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: 'app', image: 'app:1', env }] },
    };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    return {
      path: '/apis/apps/v1/namespaces/default/deployments',
      body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: labels.app }, spec },
    };
  });
}

/** A quarter each of ClusterRoles, Roles and bindings of both; one role in ten lists Secrets. */
function rbacObjects(): Post[] {
  return Array.from({ length: RBAC_OBJECTS / 4 }, (_, index) => {
    const metadata = { name: `app-${index}` };
    const verbs = index % 10 === 0 ? ['list'] : ['get'];
    const names = index % 10 === 0 ? {} : { resourceNames: [`db-${index}`] };
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs, ...names }];
    const subjects = [{ apiGroup: RBAC, kind: 'User', name: `user-${index}` }];
    const roleRef = (kind: string): object => ({ apiGroup: RBAC, kind, name: metadata.name });
    return [
      { path: `${ROOT}/clusterroles`, body: { metadata, rules } },
      { path: `${NAMESPACE}/roles`, body: { metadata, rules } },
      {
        path: `${ROOT}/clusterrolebindings`,
        body: { metadata, subjects, roleRef: roleRef('ClusterRole') },
      },
      { path: `${NAMESPACE}/rolebindings`, body: { metadata, subjects, roleRef: roleRef('Role') } },
    ];
  }).flat();
}

/** The same lists in the same pages, each parsed and dropped. */
async function bareLists(): Promise<{ readonly objects: number; readonly ms: number }> {
  const start = performance.now();
  let objects = 0;
  const rbac = ['clusterroles', 'roles', 'clusterrolebindings', 'rolebindings'];
  for (const path of ['/apis/apps/v1/deployments', ...rbac.map((kind) => `${ROOT}/${kind}`)]) {
    let token = '';
    do {
      const query = { limit: '250', ...(token === '' ? {} : { continue: token }) };
      const { body } = await request(plane, { method: 'GET', path, query });
      const list = body as { items: unknown[]; metadata: { continue?: string } };
      objects += list.items.length;
      token = list.metadata.continue ?? '';
    } while (token !== '');
  }
  return { objects, ms: performance.now() - start };
}

describe(`a scan of ${DEPLOYMENTS} Deployments and ${RBAC_OBJECTS} RBAC objects`, () => {
  it('finds each, in bounded time and memory', async () => {
    const bare = await bareLists();
    const start = performance.now();
    const { code, stdout, peak } = await scanCluster(plane.kubeconfigPath, ['-o', 'junit']);
    const ms = performance.now() - start;
    const idle = await scanCluster(plane.kubeconfigPath, ['-n', 'kube-public', '-o', 'junit']);
    const count = (policy: string): number => stdout.split(`classname="${policy}"`).length - 1;
    process.stdout.write(
      `\nscan --cluster: ${DEPLOYMENTS + RBAC_OBJECTS} objects in ${(ms / 1000).toFixed(1)} s, at most ${peak.toFixed(0)} MiB` +
        ` (an almost empty namespace: ${idle.peak.toFixed(0)} MiB); the bare paged lists alone: ${bare.objects} objects in ${(bare.ms / 1000).toFixed(1)} s\n`,
    );

    expect(code).toBe(1);
    expect(count('secret-env-ref')).toBe(DEPLOYMENTS);
    expect(count('rbac-secrets-list-watch')).toBe((2 * RBAC_OBJECTS) / 4 / 10);
    expect(count('rbac-secrets-cluster-wide')).toBe(RBAC_OBJECTS / 4 / 10);
    expect(peak - idle.peak).toBeLessThan(300);
  });
});
