// Custom kinds by stub definitions that take any fields.
import { eventually } from '../harness/poll.ts';
import { request } from '../harness/request.ts';
import type { Endpoint } from '../harness/transport.ts';
import { collection } from './objects.ts';
import type { Resource } from '../../../src/kubernetes/resources.ts';

export const ROLLOUT: Resource = {
  group: 'argoproj.io',
  kind: 'Rollout',
  resource: 'rollouts',
  namespaced: true,
};

/** Defines a kind in version v1; when this resolves, objects of it can be made. */
export async function defineKind(plane: Endpoint, custom: Resource): Promise<void> {
  const { group, kind, resource, namespaced } = custom;
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, plural: resource },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const made = await request(plane, { method: 'POST', path, body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  await eventually(`${kind} is served`, async () => {
    const list = await request(plane, { method: 'GET', path: collection(custom, 'default') });
    return list.status === 200 ? true : undefined;
  });
}
