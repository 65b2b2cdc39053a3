// Generated roles in a real API server, each bound to a user of its own.
import { Field } from '../../../src/engine/field.ts';
import { rulesOf, type PolicyRule } from '../../../src/rbac/rules.ts';
import type { ControlPlane } from '../harness/control-plane.ts';
import { eventually } from '../harness/poll.ts';
import { request } from '../harness/request.ts';
import type { Endpoint } from '../harness/transport.ts';
import { inParallel, type AccessReviews } from './authorizer-reviews.ts';
import type { GeneratedRole } from './roles.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROOT = `/apis/${GROUP}/v1`;

/** The authorizer reads every binding of a namespace for each request, so they are spread over some. */
const HOMES = Array.from({ length: 40 }, (_, index) => `home-${index}`);
/** A namespace without bindings. */
export const AWAY = 'away';

export interface BoundRole extends GeneratedRole {
  readonly name: string;
  readonly user: string;
  /** Of the RoleBinding, and of the Role. */
  readonly namespace: string;
  readonly object: object;
}

async function post(plane: Endpoint, path: string, body: object): Promise<void> {
  const made = await request(plane, { method: 'POST', path, body });
  if (made.status !== 201) throw new Error(JSON.stringify([made.body, body]));
}

/** Creates each role with its binding; when this resolves, the authorizer knows them all. */
export async function createRoles(
  plane: ControlPlane,
  reviews: AccessReviews,
  generated: readonly GeneratedRole[],
): Promise<readonly BoundRole[]> {
  for (const namespace of [...HOMES, AWAY]) await plane.createNamespace(namespace);
  const roles = generated.map((role, index) => boundRole(role, index));
  await inParallel(roles, (role) => create(plane, role));
  await whenAggregated(plane);
  await whenKnown(plane, reviews, roles.length);
  return roles;
}

function boundRole(role: GeneratedRole, index: number): BoundRole {
  const name = `generated-${index}`;
  const namespace = HOMES[index % HOMES.length] ?? '';
  const { kind, rules, labels, selectors } = role;
  const object = {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name, labels, ...(kind === 'Role' ? { namespace } : {}) },
    ...(selectors.length === 0 ? {} : { aggregationRule: { clusterRoleSelectors: selectors } }),
    rules,
  };
  return { ...role, name, user: `user-${index}`, namespace, object };
}

const collection = (kind: string, namespace: string): string =>
  kind.startsWith('Cluster')
    ? `${ROOT}/${kind.toLowerCase()}s`
    : `${ROOT}/namespaces/${namespace}/${kind.toLowerCase()}s`;

async function create(plane: Endpoint, role: BoundRole): Promise<void> {
  const { kind, bindingKind, name, namespace, user, object } = role;
  await post(plane, collection(kind, namespace), object);
  await post(plane, collection(bindingKind, namespace), {
    apiVersion: `${GROUP}/v1`,
    kind: bindingKind,
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [{ apiGroup: GROUP, kind: 'User', name: user }],
  });
}

interface ClusterRole {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}

/** Every ClusterRole of the cluster, as it is now. */
export async function clusterRoles(plane: Endpoint): Promise<readonly ClusterRole[]> {
  const { body } = await request(plane, { method: 'GET', path: collection('ClusterRole', '') });
  return (body as { items: { metadata: { name: string } }[] }).items.map((role) => ({
    name: role.metadata.name,
    rules: rulesOf(Field.root(role)),
  }));
}

/** The aggregation controller takes several rounds where a role that it writes is aggregated in turn. */
async function whenAggregated(plane: Endpoint): Promise<void> {
  let before = '';
  let unchanged = 0;
  await eventually(
    'the rules of aggregated roles stay the same',
    async () => {
      const all = await clusterRoles(plane);
      const now = all.map(({ rules }) => rules.length).join();
      unchanged = now === before ? unchanged + 1 : 0;
      before = now;
      return unchanged >= 4 ? true : undefined;
    },
    { timeoutMs: 30_000, intervalMs: 500 },
  );
}

/** The authorizer has an informer for each kind, which tells in the order of writing: the last seen, all are. */
async function whenKnown(plane: Endpoint, reviews: AccessReviews, index: number): Promise<void> {
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }];
  const shape = { rules, labels: {}, selectors: [] };
  const last = [
    boundRole({ ...shape, kind: 'Role', bindingKind: 'RoleBinding' }, index),
    boundRole({ ...shape, kind: 'ClusterRole', bindingKind: 'ClusterRoleBinding' }, index + 1),
  ];
  for (const role of last) {
    await create(plane, role);
    await eventually(`the authorizer knows ${role.name}`, async () =>
      (await reviews.isAllowed({ ...role, verb: 'get', name: 'any' })) ? true : undefined,
    );
  }
}
