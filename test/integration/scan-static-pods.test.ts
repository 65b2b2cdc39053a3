// The mirror of a static Pod on a real API server, made by the identity of its node as the kubelet makes it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { lines, reportOf } from './support/scan-cluster.ts';

jest.setTimeout(180_000);

const NODE = 'node-1';
const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const env = [{ name: 'GITHUB', value: TOKEN }];

let plane: ControlPlane;
let uid: string;
beforeAll(async () => {
  plane = await startControlPlane({
    // As kubeadm has them; the mode is added to RBAC.
    apiServerArgs: ['--authorization-mode=Node', '--enable-admission-plugins=NodeRestriction'],
  });
  await plane.createNamespace('shop');
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } };
  const made = await request(plane, { method: 'POST', path: '/api/v1/nodes', body });
  uid = (made.body as { metadata: { uid: string } }).metadata.uid;
});
afterAll(() => plane.stop());

interface Given {
  readonly name?: string;
  readonly namespace?: string;
  readonly spec?: object;
  readonly annotations?: object;
  /** The administrator, where it is not the node. */
  readonly byHand?: true;
}

const MIRROR = { 'kubernetes.io/config.mirror': '0123456789abcdef' };

function mirror({
  name = 'agent',
  namespace = 'kube-system',
  spec = {},
  annotations = MIRROR,
  byHand,
}: Given): Promise<ApiResponse> {
  const owner = { apiVersion: 'v1', kind: 'Node', name: NODE, uid, controller: true };
  const metadata = { name: `${name}-${NODE}`, annotations, ownerReferences: [owner] };
  const containers = [{ name: 'agent', image: 'agent', env }];
  return request(plane, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods`,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: NODE, containers, ...spec },
    },
    ...(byHand === true ? {} : { as: plane.as(`system:node:${NODE}`, ['system:nodes']) }),
  });
}

describe('a static Pod', () => {
  const token = { serviceAccountToken: { path: 'token' } };
  const from = (valueFrom: object): object => ({
    containers: [{ name: 'agent', image: 'agent', env: [{ name: 'A', valueFrom }] }],
  });

  it.each<readonly [string, object]>([
    ['ServiceAccount', { serviceAccountName: 'default' }],
    ['Secret', from({ secretKeyRef: { name: 'db', key: 'p' } })],
    ['projected token', { volumes: [{ name: 't', projected: { sources: [token] } }] }],
  ])('can have no %s, whoever writes the annotation', async (_, spec) => {
    for (const made of [await mirror({ spec }), await mirror({ spec, byHand: true })]) {
      expect(made.status).toBe(403);
      expect(JSON.stringify(made.body)).toMatch(/a mirror pod may not|can not create pods that/);
    }
  });

  it('is told with the node of its manifest; the token that it asks for is none', async () => {
    const { status } = await mirror({ spec: { automountServiceAccountToken: true } });
    expect(status).toBe(201);
    const report = await reportOf(plane.kubeconfigPath, ['-n', 'kube-system', '--profile=strict']);
    expect([lines(report), report.code]).toEqual([
      [`credential-in-env Pod kube-system/agent-${NODE} spec.containers[0].env[0].value`],
      1,
    ]);
    expect(report.findings[0]).toMatchObject({
      node: NODE,
      fix: expect.stringContaining(`in the manifest of this static Pod on node ${NODE}`),
    });
    expect(JSON.stringify(report)).not.toContain(TOKEN);
  });

  it('is not told less where somebody else writes what its mirror has', async () => {
    const made = await mirror({ name: 'forged', namespace: 'shop', byHand: true });
    expect(made.status).toBe(201);
    const plain = await mirror({ name: 'plain', namespace: 'shop', annotations: {}, byHand: true });
    expect(plain.status).toBe(201);
    const report = await reportOf(plane.kubeconfigPath, ['-n', 'shop']);
    expect(
      report.findings.map(({ name, policy, mode, node }) => [name, policy, mode, node]),
    ).toEqual([
      [`forged-${NODE}`, 'credential-in-env', 'deny', NODE],
      [`plain-${NODE}`, 'credential-in-env', 'deny', undefined],
      [`plain-${NODE}`, 'service-account-token-automount', 'warn', undefined],
    ]);
  });
});
