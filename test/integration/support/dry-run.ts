// Creates objects as far as storage: decoded, defaulted, changed and judged, and nothing kept.
import { Field } from '../../../src/engine/field.ts';
import { request, type ApiResponse } from '../harness/request.ts';
import type { Endpoint } from '../harness/transport.ts';
import { servedAs, type Served } from './crds.ts';

/** Creates one object in its namespace, or in the given one where it names none. */
export type DryRun = (object: unknown, namespace: string) => Promise<ApiResponse>;

export function dryRuns(plane: Endpoint): DryRun {
  const served = new Map<string, Promise<Served | undefined>>();
  const made = new Map<string, Promise<void>>();

  const resourceOf = async (apiVersion: string, kind: string): Promise<Served> => {
    const key = `${apiVersion} ${kind}`;
    const asked = served.get(key) ?? servedAs(plane, apiVersion, kind);
    served.set(key, asked);
    const found = await asked;
    if (found === undefined)
      throw new Error(`the API server has no ${key}: give it a stub in test/crds`);
    return found;
  };

  /** Namespaces and ServiceAccounts, which must be there first. */
  const need = (path: string, kind: string, name: string): Promise<void> => {
    const key = `${path}/${name}`;
    const done = made.get(key) ?? makeOne(plane, path, kind, name);
    made.set(key, done);
    return done;
  };

  return async (object, namespace) => {
    const field = Field.root(object);
    const text = (...keys: readonly string[]): string => field.at(...keys).text() ?? '';
    const apiVersion = text('apiVersion');
    const { resource, namespaced } = await resourceOf(apiVersion, text('kind'));
    const own = text('metadata', 'namespace') || namespace;
    if (namespaced) {
      const accounts = `/api/v1/namespaces/${own}/serviceaccounts`;
      await need('/api/v1/namespaces', 'Namespace', own);
      const account = text('kind') === 'Pod' ? text('spec', 'serviceAccountName') : '';
      for (const name of new Set(['default', account || 'default']))
        await need(accounts, 'ServiceAccount', name);
    }
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const path = `${root}${namespaced ? `/namespaces/${own}` : ''}/${resource}`;
    return request(plane, { method: 'POST', path, body: object, query: { dryRun: 'All' } });
  };
}

async function makeOne(plane: Endpoint, path: string, kind: string, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind, metadata: { name } };
  const { status } = await request(plane, { method: 'POST', path, body });
  if (status !== 201 && status !== 409) throw new Error(`${status} for ${kind} ${name}`);
}
