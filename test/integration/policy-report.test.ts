// Reports of wgpolicyk8s.io on a real API server with the published CustomResourceDefinitions.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { catalogue } from '../../src/policies/catalogue.ts';
import { render } from '../../src/report/format.ts';
import type { ScanReport } from '../../src/scan/report.ts';
import { readYaml } from '../../src/yaml/manifest.ts';
import { fixturesOf, strictSettings } from '../support/fixtures.ts';
import { CONTEXT, reportOn } from '../support/reports.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';
import { apply, scanCluster } from './support/scan-cluster.ts';

jest.setTimeout(180_000);

const ROOT = '/apis/wgpolicyk8s.io/v1alpha2';

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly results: readonly object[];
}

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  for (const plural of ['policyreports', 'clusterpolicyreports']) {
    const text = readFileSync(`test/schemas/wgpolicyk8s.io_${plural}.yaml`, 'utf8');
    for (const body of readYaml(text).documents.filter((document) => document !== null)) {
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      expect((await request(plane, { method: 'POST', path, body })).status).toBe(201);
    }
    await eventually(`${plural} are served`, async () => {
      const { status } = await request(plane, { method: 'GET', path: `${ROOT}/${plural}` });
      return status === 200 ? true : undefined;
    });
  }
});
afterAll(() => plane.stop());

const itemsOf = (text: string): readonly Item[] =>
  (JSON.parse(text) as { items: readonly Item[] }).items;

/** Where reports of a kind are, in a namespace that is made where it is not there. */
async function placeOf({ kind, metadata: { namespace } }: Item): Promise<string> {
  if (namespace === undefined) return `${ROOT}/clusterpolicyreports`;
  expect(kind).toBe('PolicyReport');
  const path = `/api/v1/namespaces/${namespace}`;
  if ((await request(plane, { method: 'GET', path })).status === 404)
    await plane.createNamespace(namespace);
  return `${ROOT}/namespaces/${namespace}/policyreports`;
}

/** A report on the fixtures of a policy, as strict has it. */
function reportOnFixtures(id: string): ScanReport {
  const fixtures = fixturesOf(id);
  const [first] = fixtures;
  if (first === undefined) throw new Error(`${id} has no fixtures`);
  const files = fixtures.map(({ file }) => [file, readFileSync(file, 'utf8')]);
  return reportOn(Object.fromEntries(files) as Record<string, string>, strictSettings(first));
}

describe('the API server takes a policyreport whole, in its strictest validation', () => {
  it.each(catalogue.map(({ meta }) => meta.id))('on the fixtures of %s', async (id) => {
    const items = itemsOf(render('policyreport', reportOnFixtures(id), CONTEXT));
    expect(items.flatMap(({ results }) => results)).not.toEqual([]);
    for (const item of items) {
      const { status, body, warnings } = await request(plane, {
        method: 'POST',
        path: await placeOf(item),
        query: { dryRun: 'All', fieldValidation: 'Strict' },
        body: item,
      });
      expect([status, warnings]).toEqual([201, []]);
      // Nothing was pruned.
      expect(body).toMatchObject(item);
    }
  });

  it('and refuses a field that it does not know', async () => {
    const [item] = itemsOf(render('policyreport', reportOn({}), CONTEXT));
    const { status, body } = await request(plane, {
      method: 'POST',
      path: `${ROOT}/clusterpolicyreports`,
      query: { dryRun: 'All', fieldValidation: 'Strict' },
      body: { ...item, findings: [] },
    });
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      expect.stringContaining('unknown field \\"findings\\"'),
    ]);
  });
});

describe('kubectl applies what a scan of the cluster has found', () => {
  const secretKeyRef = { name: 'db', key: 'p' };
  /** So many that they would not fit into the annotation of an apply by the client. */
  const env = Array.from({ length: 400 }, (_, index) => ({
    name: `P${index}`,
    valueFrom: { secretKeyRef },
  }));
  const labels = { app: 'web' };
  const spec = { containers: [{ name: 'app', image: 'a', env }] };

  it('by the server, twice, without a warning', async () => {
    await plane.createNamespace('reports');
    await apply(plane, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'reports' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    const { stdout } = await scanCluster(plane.kubeconfigPath, ['-o', 'policyreport']);
    const args = ['apply', '--server-side', '--validate=strict', '-f', '-'];
    for (let times = 0; times < 2; times++) {
      const applied = await kubectl(plane, args, { stdin: stdout });
      expect([applied.code, applied.stderr]).toEqual([0, '']);
      expect(applied.stdout.trim().split('\n')).toEqual([
        'clusterpolicyreport.wgpolicyk8s.io/hushgate serverside-applied',
        'policyreport.wgpolicyk8s.io/hushgate serverside-applied',
      ]);
    }
    const path = `${ROOT}/namespaces/reports/policyreports/hushgate`;
    const { body } = await request(plane, { method: 'GET', path });
    const [, namespaced] = itemsOf(stdout);
    expect(body).toMatchObject(namespaced ?? {});
    expect(namespaced?.results.length).toBeGreaterThanOrEqual(400);
  });
});
