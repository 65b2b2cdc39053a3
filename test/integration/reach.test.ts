// The match rules bring what the policies judge, and nothing else.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Operation } from '../../src/engine/subject.ts';
import { POD, type Resource } from '../../src/kubernetes/resources.ts';
import { admissionPolicies } from '../support/fixtures.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { defineKind } from './support/custom-kinds.ts';
import { collection, container, fromSecret, pod, smallest } from './support/objects.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

const PODS = '/api/v1/namespaces/default/pods';

interface Wanted {
  readonly resource: Resource;
  readonly subresource: string;
  readonly operation: Operation;
}

/** Each kind, subresource and operation of the catalogue, once. */
const WANTED: readonly Wanted[] = [
  ...new Map(
    admissionPolicies.flatMap(({ meta: { appliesTo } }) =>
      appliesTo.resources.flatMap((resource) =>
        appliesTo.operations.flatMap((operation) =>
          ['', ...(resource.subresources ?? [])]
            // An ephemeral container is never made by a CREATE, nor deleted.
            .filter(
              (subresource) => subresource !== 'ephemeralcontainers' || operation === 'UPDATE',
            )
            .map((subresource) => {
              const { group, kind } = resource;
              const key = [group, kind, subresource, operation].join();
              return [key, { resource, subresource, operation }] as const;
            }),
        ),
      ),
    ),
  ).values(),
];

const RESOURCES: readonly Resource[] = [
  ...new Map(
    WANTED.map(({ resource }) => [`${resource.group}/${resource.kind}`, resource] as const),
  ).values(),
];

/** Kinds that the API server does not have by itself are defined first. */
async function defineMissing(resource: Resource): Promise<void> {
  const path = collection(resource, 'default');
  const { status } = await request(plane, { method: 'GET', path });
  if (status === 404) await defineKind(plane, resource);
}

let plane: ControlPlane;
let webhook: WebhookServer;
beforeAll(async () => {
  plane = await startControlPlane();
  for (const resource of RESOURCES) await defineMissing(resource);
  webhook = await startWebhook(plane);
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
});

const nameOf = ({ kind }: Resource): string => `reach-${kind.toLowerCase()}`;

/** One real request of the kind, subresource and operation; later ones change what earlier ones made. */
function send({ resource, subresource, operation }: Wanted): Promise<ApiResponse> {
  const path = collection(resource, 'default');
  const one = `${path}/${nameOf(resource)}`;
  if (subresource === 'ephemeralcontainers') {
    const body = { spec: { ephemeralContainers: [container('debug')] } };
    const contentType = 'application/strategic-merge-patch+json';
    return request(plane, { method: 'PATCH', path: `${one}/${subresource}`, contentType, body });
  }
  if (subresource !== '') throw new Error(`say here how ${resource.kind}/${subresource} is asked`);
  switch (operation) {
    case 'CREATE':
      return request(plane, { method: 'POST', path, body: smallest(resource, nameOf(resource)) });
    case 'UPDATE':
      return request(plane, {
        method: 'PATCH',
        path: one,
        body: { metadata: { labels: { touched: 'yes' } } },
      });
    case 'DELETE':
      return request(plane, { method: 'DELETE', path: one });
    case 'CONNECT':
      throw new Error(`say here how ${resource.kind} is connected to`);
  }
}

const ORDER: readonly Operation[] = ['CREATE', 'UPDATE', 'CONNECT', 'DELETE'];
const inOrder = WANTED.toSorted(
  (a, b) => ORDER.indexOf(a.operation) - ORDER.indexOf(b.operation),
).map((wanted) => {
  const { resource, subresource, operation } = wanted;
  const { group, kind } = resource;
  return [
    operation,
    [group, kind, subresource].filter((part) => part !== '').join('/'),
    wanted,
  ] as const;
});

describe('what the policies judge arrives', () => {
  it.each(inOrder)('%s of %s', async (operation, _, wanted) => {
    const { resource, subresource } = wanted;
    const { status } = await send(wanted);
    expect([200, 201]).toContain(status);
    const name = nameOf(resource);
    const seen = webhook.log
      .decisions({
        kind: resource.kind,
        operation,
        object: resource.namespaced ? `default/${name}` : name,
      })
      .map((decision) => decision.subresource ?? '');
    expect(seen).toContain(subresource);
  });
});

describe('what they do not judge does not arrive', () => {
  const arrivals = async (action: () => Promise<ApiResponse>): Promise<[number, unknown[]]> => {
    const seen = webhook.log.lines.length;
    const { status } = await action();
    return [status, webhook.log.lines.slice(seen).map(({ msg }) => msg)];
  };
  const post = (path: string, body: unknown) => () =>
    request(plane, { method: 'POST', path, body });

  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'lease' },
  };
  const binding = { apiVersion: 'v1', kind: 'Binding', target: { kind: 'Node', name: 'node' } };
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction' };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'alice', resourceAttributes: { verb: 'get', resource: 'secrets' } },
  };
  const event = { metadata: { name: 'event' }, involvedObject: { namespace: 'default' } };
  const token = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

  beforeAll(async () => {
    for (const name of ['bound', 'evicted']) await post(PODS, pod(name))();
  });

  it.each([
    ['a Lease', LEASES, lease],
    ['a Binding', `${PODS}/bound/binding`, { ...binding, metadata: { name: 'bound' } }],
    ['an Eviction', `${PODS}/evicted/eviction`, { ...eviction, metadata: { name: 'evicted' } }],
    ['a SubjectAccessReview', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review],
    ['a TokenRequest', '/api/v1/namespaces/default/serviceaccounts/default/token', token],
    ['an Event', '/api/v1/namespaces/default/events', event],
  ])('%s', async (_, path, body) => {
    // The API server answers some of them by 200.
    const [status, seen] = await arrivals(post(path, body));
    expect([200, 201]).toContain(status);
    expect(seen).toEqual([]);
  });

  it.each([
    ['system:apiserver', ['system:masters']],
    ['system:kube-scheduler', ['system:masters']],
    ['system:node:one', ['system:masters', 'system:nodes']],
  ])('anything by %s', async (user, groups) => {
    const as = plane.as(user, groups);
    const body = pod(user.replaceAll(':', '-'), fromSecret());
    const [status, seen] = await arrivals(() =>
      request(plane, { method: 'POST', path: PODS, body, as }),
    );
    expect([status, seen]).toEqual([201, []]);
  });

  it.each([
    ['system:node:one', ['system:masters']],
    ['alice', ['system:masters', 'system:nodes']],
    ['system:serviceaccount:kube-system:default', ['system:masters']],
  ])('but %s in %j does', async (user, groups) => {
    const as = plane.as(user, groups);
    const made = await request(plane, {
      method: 'POST',
      path: PODS,
      body: pod('x', fromSecret()),
      as,
    });
    expect(made.status).toBe(403);
    expect(webhook.log.decisions({ user, kind: POD.kind })).toMatchObject([{ decision: 'denied' }]);
  });
});
