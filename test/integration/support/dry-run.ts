// Creates objects as far as storage: decoded, defaulted, changed and judged, and nothing kept.
import { Field } from '../../../src/engine/field.ts';
import { request, type ApiResponse } from '../harness/request.ts';
import type { Endpoint, Identity } from '../harness/transport.ts';
import { servedAs, type Served } from './crds.ts';

/** Creates one object in its namespace, or in the given one where it names none. */
export interface DryRun {
  (object: unknown, namespace: string, as?: Identity): Promise<ApiResponse>;
  /** Where the API server has objects of this kind. */
  servedAs(object: unknown): Promise<Served>;
}

export function dryRuns(plane: Endpoint): DryRun {
  const served = new Map<string, Promise<Served | undefined>>();
  const made = new Map<string, Promise<void>>();

  const resourceOf = async (object: unknown): Promise<Served> => {
    const { apiVersion, kind } = typeOf(object);
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

  const create: (...given: Parameters<DryRun>) => Promise<ApiResponse> = async (
    object,
    namespace,
    as,
  ) => {
    const { text, apiVersion } = typeOf(object);
    const { resource, namespaced } = await resourceOf(object);
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
    const query = { dryRun: 'All' };
    return request(plane, { method: 'POST', path, body: object, query, ...(as && { as }) });
  };
  return Object.assign(create, { servedAs: resourceOf });
}

function typeOf(object: unknown) {
  const field = Field.root(object);
  const text = (...keys: readonly string[]): string => field.at(...keys).text() ?? '';
  return { text, apiVersion: text('apiVersion'), kind: text('kind') };
}

async function makeOne(plane: Endpoint, path: string, kind: string, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind, metadata: { name } };
  const { status } = await request(plane, { method: 'POST', path, body });
  if (status !== 201 && status !== 409) throw new Error(`${status} for ${kind} ${name}`);
}
