// Pods that the real kube-controller-manager makes, and those who only say that it did.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { clientApi } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';
import { auditLog, type AuditLog } from './support/audit-log.ts';
import { only } from './support/configuration.ts';
import { deployment, fromSecret, pod, podSpec } from './support/objects.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';
import { WEBHOOK } from './support/webhook-configuration.ts';

jest.setTimeout(120_000);

const NAMESPACE = 'shop';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const CONTROLLER = 'system:serviceaccount:kube-system:replicaset-controller';
const PATH = 'spec.containers[0].env[0].valueFrom.secretKeyRef';
const POLICY = only({ 'secret-env-ref': 'deny', 'rbac-secrets-list-watch': 'deny' });
const CLUSTER_ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';

let audit: AuditLog;
let plane: ControlPlane;
let webhook: WebhookServer;
let api: ReturnType<typeof clientApi>;

const podNames = async (): Promise<string[]> => {
  const { items } = await api.core.listNamespacedPod({ namespace: NAMESPACE });
  return items.map(({ metadata }) => metadata?.name ?? '');
};

/** The one Pod of the Deployment, once it is there. */
const onlyPod = (not?: string): Promise<string> =>
  eventually('the Pod of the Deployment', async () => {
    const names = (await podNames()).filter((name) => name !== not);
    return names.length === 1 ? names[0] : undefined;
  });

const remove = (name: string) =>
  request(plane, {
    method: 'DELETE',
    path: `${PODS}/${name}`,
    body: { gracePeriodSeconds: 0 },
  });

beforeAll(async () => {
  audit = await auditLog();
  plane = await startControlPlane({ controllerManager: true, apiServerArgs: audit.args });
  api = clientApi(plane);
  await plane.createNamespace(NAMESPACE);
  const old = deployment('old', podSpec(fromSecret()));
  const spec = { ...(old['spec'] as object), replicas: 1 };
  await request(plane, { method: 'POST', path: DEPLOYMENTS, body: { ...old, spec } });
  await onlyPod();
  await request(plane, {
    method: 'POST',
    path: CLUSTER_ROLES,
    body: {
      metadata: { name: 'part', labels: { 'example.com/of': 'whole' } },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    },
  });
  webhook = await startWebhook(plane, { configuration: POLICY });
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
  await audit.remove();
});

describe('the Pod of a Deployment from before', () => {
  it('comes back after a drain: audited, not denied', async () => {
    const first = await onlyPod();
    expect(await remove(first)).toMatchObject({ status: 200, warnings: [] });
    const name = await onlyPod(first);
    expect(
      webhook.log.decisions({ object: `${NAMESPACE}/${name}`, operation: 'CREATE' }),
    ).toMatchObject([
      { user: CONTROLLER, decision: 'allowed', policies: ['secret-env-ref:audit'] },
    ]);
    const event = await audit.event('the Pod by its controller', (made) => {
      const isPod = made.objectRef?.resource === 'pods' && made.verb === 'create';
      return isPod && made.annotations?.[`${WEBHOOK}/findings`] !== undefined;
    });
    expect(event.user.username).toBe(CONTROLLER);
    expect(event.annotations?.[`${WEBHOOK}/findings`]).toBe(
      `secret-env-ref ${PATH} (audit, controller)`,
    );
  });

  it('is replaced by a rollout: its ReplicaSet is audited too', async () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-24T00:00:00Z' };
    const restarted = await request(plane, {
      method: 'PATCH',
      path: `${DEPLOYMENTS}/old`,
      body: { spec: { template: { metadata: { annotations } } } },
    });
    expect(restarted).toMatchObject({
      status: 200,
      warnings: [expect.stringMatching(/^was there before: secret-env-ref /)],
    });
    const [made] = await eventually('the new ReplicaSet', () => {
      const found = webhook.log.decisions({ kind: 'ReplicaSet', operation: 'CREATE' });
      return found.length > 0 ? found : undefined;
    });
    expect(made).toMatchObject({
      user: 'system:serviceaccount:kube-system:deployment-controller',
      decision: 'allowed',
      policies: ['secret-env-ref:audit'],
    });
    await eventually('the Pod of the new ReplicaSet', async () =>
      (await podNames()).length === 2 ? true : undefined,
    );
  });
});

describe('a bare Pod', () => {
  const forged = async () => {
    const { items } = await api.apps.listNamespacedReplicaSet({ namespace: NAMESPACE });
    const [owner] = items;
    const name = owner?.metadata?.name;
    const uid = owner?.metadata?.uid;
    expect(uid).toMatch(/-/);
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid }];
    const labels = { app: 'main', 'pod-template-hash': 'abc' };
    return (...env: Parameters<typeof fromSecret>[]) => ({
      ...pod('forged', ...env.map((args) => fromSecret(...args))),
      metadata: { name: 'forged', labels, ownerReferences },
    });
  };

  it.each(['admin', CONTROLLER.replace('kube-system', NAMESPACE)])(
    'of %s with forged ownerReferences is denied',
    async (user) => {
      const body = (await forged())([]);
      const as = plane.as(user, ['system:masters']);
      expect(await request(plane, { method: 'POST', path: PODS, body, as })).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining(`- deny secret-env-ref at ${PATH}: `) },
      });
    },
  );

  it('without a violation may claim any owner', async () => {
    const body = (await forged())();
    const query = { dryRun: 'All' };
    const made = await request(plane, { method: 'POST', path: PODS, body, query });
    expect(made).toMatchObject({ status: 201, warnings: [] });
  });
});

describe('an aggregated ClusterRole', () => {
  it('is filled by its controller: audited, not denied', async () => {
    const clusterRoleSelectors = [{ matchLabels: { 'example.com/of': 'whole' } }];
    const body = { metadata: { name: 'whole' }, aggregationRule: { clusterRoleSelectors } };
    const made = await request(plane, { method: 'POST', path: CLUSTER_ROLES, body });
    expect(made).toMatchObject({ status: 201, warnings: [] });
    const filled = await eventually('the rules of the role', async () => {
      const { rules } = await api.rbac.readClusterRole({ name: 'whole' });
      return rules?.length === 1 ? rules : undefined;
    });
    expect(filled[0]?.verbs).toEqual(['list']);
    expect(webhook.log.decisions({ object: 'whole', operation: 'UPDATE' })).toMatchObject([
      {
        user: 'system:serviceaccount:kube-system:clusterrole-aggregation-controller',
        decision: 'allowed',
        policies: ['rbac-secrets-list-watch:audit'],
      },
    ]);
    const copied = { metadata: { name: 'copied' }, rules: filled };
    expect(
      await request(plane, { method: 'POST', path: CLUSTER_ROLES, body: copied }),
    ).toMatchObject({ status: 403 });
  });
});

describe('controllerPods: enforce', () => {
  it('denies them, and the ReplicaSet says so in an event', async () => {
    await webhook.configure({ ...POLICY, controllerPods: 'enforce' });
    for (const name of await podNames()) await remove(name);
    const refused = await eventually('a refused Pod', () => {
      const found = webhook.log.decisions({ user: CONTROLLER, decision: 'denied' });
      return found.length > 0 ? found : undefined;
    });
    expect(refused[0]).toMatchObject({ kind: 'Pod', policies: ['secret-env-ref:deny'] });
    const event = await eventually('the event FailedCreate', async () => {
      const { items } = await api.core.listNamespacedEvent({ namespace: NAMESPACE });
      return items.find(({ reason }) => reason === 'FailedCreate');
    });
    expect(event.involvedObject.kind).toBe('ReplicaSet');
    expect(event.message).toContain(`- deny secret-env-ref at ${PATH}: `);
    expect(await podNames()).toEqual([]);
  });
});
