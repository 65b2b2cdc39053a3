// Roles and bindings, read as the authorizer reads them.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  ROLE,
  ROLE_BINDING,
  type Resource,
} from '../../src/kubernetes/resources.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { only } from './support/configuration.ts';
import { collection, type Json } from './support/objects.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

const GROUP = 'rbac.authorization.k8s.io';

let plane: ControlPlane;
let webhook: WebhookServer;
beforeAll(async () => {
  plane = await startControlPlane();
  webhook = await startWebhook(plane, {
    configuration: only({
      'rbac-secrets-list-watch': 'profile',
      'rbac-secrets-cluster-role': 'profile',
      'rbac-secrets-cluster-wide': 'profile',
      'rbac-secrets-unnamed': 'profile',
    }),
  });
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
});

const create = (resource: Resource, name: string, fields: Json): Promise<ApiResponse> =>
  request(plane, {
    method: 'POST',
    path: collection(resource, 'default'),
    body: { apiVersion: `${GROUP}/v1`, kind: resource.kind, metadata: { name }, ...fields },
  });

const rule = (verbs: string[], resources = ['secrets'], more: Json = {}): Json => ({
  rules: [
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: [''], resources, verbs, ...more },
  ],
});

const denied = (text: string) => ({
  status: 403,
  body: { message: expect.stringContaining(text) },
});
const warned = (start: string) => ({
  status: 201,
  warnings: [expect.stringMatching(new RegExp(`^${start.replaceAll(/[[\].]/g, '\\$&')}`))],
});
const clean = { status: 201, warnings: [] };

describe('a Role', () => {
  it.each([
    ['list', rule(['get', 'list'])],
    ['a wildcard verb', rule(['*'])],
    ['a wildcard resource', rule(['watch'], ['*'])],
    ['a wildcard group', rule(['deletecollection'], ['secrets'], { apiGroups: ['*'] })],
  ])('that reads all Secrets by %s is denied', async (_, rules) => {
    expect(await create(ROLE, 'reader', rules)).toMatchObject(
      denied('1 finding denies Role default/reader:\n- deny rbac-secrets-list-watch at rules[1]: '),
    );
  });

  it('that gets every Secret is warned of', async () => {
    expect(await create(ROLE, 'getter', rule(['get']))).toMatchObject(
      warned('rbac-secrets-unnamed at rules[1]: '),
    );
  });

  it.each([
    ['names its Secret', rule(['get'], ['secrets'], { resourceNames: ['database'] })],
    ['says */*, which grants nothing on secrets', rule(['*'], ['*/*', 'secrets/*'])],
    ['lists all of another group', rule(['list'], ['*'], { apiGroups: ['apps'] })],
  ])('that %s passes', async (text, rules) => {
    const name = text.replaceAll(/\W+/g, '-');
    expect(await create(ROLE, name, rules)).toMatchObject(clean);
  });
});

describe('a ClusterRole', () => {
  it('that lists Secrets is denied, one that gets them warned of', async () => {
    expect(await create(CLUSTER_ROLE, 'lister', rule(['list']))).toMatchObject(
      denied('1 finding denies ClusterRole lister:\n- deny rbac-secrets-list-watch at rules[1]: '),
    );
    expect(await create(CLUSTER_ROLE, 'getter', rule(['get']))).toMatchObject(
      warned('rbac-secrets-cluster-role at rules[1]: '),
    );
    const named = rule(['get'], ['secrets'], { resourceNames: ['database'] });
    expect(await create(CLUSTER_ROLE, 'named', named)).toMatchObject(clean);
  });

  it('with an empty list of rules passes, and one for URLs alone', async () => {
    expect(await create(CLUSTER_ROLE, 'empty', { rules: [] })).toMatchObject(clean);
    const urls = { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['*'] }] };
    expect(await create(CLUSTER_ROLE, 'urls', urls)).toMatchObject(clean);
  });
});

describe('a binding', () => {
  const binding = (kind: string, role: string): Json => ({
    roleRef: { apiGroup: GROUP, kind, name: role },
    subjects: [
      { kind: 'ServiceAccount', name: 'robot', namespace: 'default' },
      { apiGroup: GROUP, kind: 'Group', name: 'developers' },
    ],
  });

  it('of cluster-admin for the whole cluster is denied, and names whom it is for', async () => {
    const refused = await create(
      CLUSTER_ROLE_BINDING,
      'admins',
      binding('ClusterRole', 'cluster-admin'),
    );
    expect(refused).toMatchObject(denied('2 findings deny ClusterRoleBinding admins:\n'));
    const { message } = refused.body as { message: string };
    expect(message).toContain(
      '\n- deny rbac-secrets-cluster-wide at subjects[0]: ServiceAccount default/robot gains ',
    );
    expect(message).toContain(
      '\n- deny rbac-secrets-cluster-wide at subjects[1]: Group developers gains ',
    );
  });

  it('of view passes', async () => {
    const view = binding('ClusterRole', 'view');
    expect(await create(CLUSTER_ROLE_BINDING, 'viewers', view)).toMatchObject(clean);
    expect(await create(ROLE_BINDING, 'viewers', view)).toMatchObject(clean);
  });

  it('of edit in a namespace is denied', async () => {
    const edit = binding('ClusterRole', 'edit');
    expect(await create(ROLE_BINDING, 'editors', edit)).toMatchObject(
      denied('- deny rbac-secrets-list-watch at subjects[0]: ServiceAccount default/robot gains '),
    );
  });

  it('of a role that is not known here is told as not judged, and passes', async () => {
    const own = binding('ClusterRole', 'own');
    expect(await create(CLUSTER_ROLE_BINDING, 'own', own)).toMatchObject(
      warned('not judged by rbac-secrets-cluster-wide at roleRef: '),
    );
  });
});
