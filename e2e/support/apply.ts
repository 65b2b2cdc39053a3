// Creates objects as far as storage: all of admission, nothing kept.
import type { ApiResponse } from '../../test/integration/harness/request.ts';
import { servedAs } from '../../test/integration/support/crds.ts';
import { api, endpoint } from './api.ts';
import { describeDocument } from './fixture-verdict.ts';
import { makeNamespace } from './objects.ts';

/** Namespaces and ServiceAccounts that are there: the API server wants them before the Pod. */
const prepared = new Set<string>();

/** What the API server answers to the create of an object, as a file has it. */
export async function apply(document: unknown): Promise<ApiResponse> {
  const { apiVersion, kind, namespace, serviceAccount } = describeDocument(document);
  const served = await servedAs(await endpoint(), apiVersion, kind);
  if (served === undefined)
    throw new Error(`no ${apiVersion} ${kind}: give it a stub in test/crds`);
  if (served.namespaced) await prepare(namespace, serviceAccount);
  const path = [
    apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
    ...(served.namespaced ? ['namespaces', namespace] : []),
    served.resource,
  ].join('/');
  return api({ method: 'POST', path, body: document, query: { dryRun: 'All' } });
}

async function prepare(namespace: string, account: string | undefined): Promise<void> {
  if (!prepared.has(namespace)) await makeNamespace(namespace);
  prepared.add(namespace);
  if (account === undefined || prepared.has(`${namespace}/${account}`)) return;
  prepared.add(`${namespace}/${account}`);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } };
  const { status } = await api({ method: 'POST', path, body });
  if (status !== 201 && status !== 409) throw new Error(`${status} for ServiceAccount ${account}`);
}
