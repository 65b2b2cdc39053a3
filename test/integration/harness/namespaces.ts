// What kube-controller-manager does for namespaces, for a control plane without one.
import { request, type ApiResponse } from './request.ts';
import type { Endpoint } from './transport.ts';

export async function createNamespace(
  plane: Endpoint,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  expectStatus(await request(plane, { method: 'POST', path: '/api/v1/namespaces', body }), [201]);
  await createServiceAccount(plane, name);
}

/** The `default` ServiceAccount of a namespace; a controller manager may have been faster. */
export async function createServiceAccount(plane: Endpoint, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  expectStatus(await request(plane, { method: 'POST', path, body }), [201, 409]);
}

function expectStatus({ status, body }: ApiResponse, expected: readonly number[]): void {
  if (!expected.includes(status)) throw new Error(`${status}: ${JSON.stringify(body)}`);
}
