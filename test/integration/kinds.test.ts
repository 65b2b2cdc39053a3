// Every kind with a pod template, every class of container, and kinds that are not built in.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WORKLOADS, type Resource } from '../../src/kubernetes/resources.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { only } from './support/configuration.ts';
import { defineKind, ROLLOUT } from './support/custom-kinds.ts';
import {
  collection,
  container,
  fromSecret,
  mountingSpec,
  pod,
  podSpec,
  workload,
} from './support/objects.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(120_000);

const UNLISTED: Resource = {
  ...ROLLOUT,
  group: 'example.com',
  kind: 'Widget',
  resource: 'widgets',
};
const REF = 'env[0].valueFrom.secretKeyRef';

let plane: ControlPlane;
let webhook: WebhookServer;
beforeAll(async () => {
  plane = await startControlPlane();
  await defineKind(plane, ROLLOUT);
  await defineKind(plane, UNLISTED);
  webhook = await startWebhook(plane, {
    configuration: only({ 'secret-env-ref': 'deny', 'secret-env-from': 'deny' }),
    customResources: [ROLLOUT],
  });
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
});

const create = (resource: Resource, body: unknown): Promise<ApiResponse> =>
  request(plane, { method: 'POST', path: collection(resource, 'default'), body });

const denial = (kind: string, ...findings: readonly string[]) => ({
  status: 403,
  body: {
    message: expect.stringMatching(
      new RegExp(
        `${findings.length === 1 ? '1 finding denies' : `${findings.length} findings deny`} ${kind} default/\\S+:` +
          findings
            .map((finding) => `\\n- deny ${finding.replaceAll(/[[\].]/g, '\\$&')}: .*`)
            .join(''),
      ),
    ),
  },
});

describe('a built-in kind', () => {
  it.each(WORKLOADS.map((resource) => [resource.kind, resource] as const))(
    '%s: denied with the path of the field, admitted with a mounted Secret',
    async (kind, resource) => {
      const name = `${kind.toLowerCase()}-x`;
      const path = [...(resource.podTemplate ?? []), `spec.containers[0].${REF}`].join('.');
      expect(await create(resource, workload(resource, name, podSpec(fromSecret())))).toMatchObject(
        denial(kind, `secret-env-ref at ${path}`),
      );
      expect(await create(resource, workload(resource, name, mountingSpec()))).toMatchObject({
        status: 201,
        warnings: [],
      });
    },
  );

  it('shows every finding at once, in init containers too', async () => {
    const [resource] = WORKLOADS;
    if (resource === undefined) throw new Error('no workload');
    const envFrom = [{ secretRef: { name: 'database' } }];
    const spec = {
      initContainers: [container('prepare', fromSecret()), { ...container('sidecar'), envFrom }],
      containers: [container('main', { name: 'MODE', value: 'x' }, fromSecret())],
    };
    expect(await create(resource, workload(resource, 'many', spec))).toMatchObject(
      denial(
        'Pod',
        'secret-env-from at spec.initContainers[1].envFrom[0].secretRef',
        'secret-env-ref at spec.containers[0].env[1].valueFrom.secretKeyRef',
        `secret-env-ref at spec.initContainers[0].${REF}`,
      ),
    );
  });
});

describe('an ephemeral container', () => {
  const PODS = '/api/v1/namespaces/default/pods';
  const add = (name: string, ...env: Parameters<typeof container>[1][]): Promise<ApiResponse> =>
    request(plane, {
      method: 'PATCH',
      path: `${PODS}/debugged/ephemeralcontainers`,
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { ephemeralContainers: [container(name, ...env)] } },
    });

  it('with a Secret in its environment is denied, another is added', async () => {
    await request(plane, { method: 'POST', path: PODS, body: pod('debugged') });
    expect(await add('bad', fromSecret())).toMatchObject(
      denial('Pod', `secret-env-ref at spec.ephemeralContainers[0].${REF}`),
    );
    expect(await add('good')).toMatchObject({ status: 200, warnings: [] });
    expect(
      webhook.log.decisions({ object: 'default/debugged', subresource: 'ephemeralcontainers' }),
    ).toMatchObject([{ decision: 'denied' }, { decision: 'allowed' }]);
  });
});

describe('a custom kind', () => {
  const rollout = (resource: Resource, name: string, spec: object) => ({
    apiVersion: `${resource.group}/v1`,
    kind: resource.kind,
    metadata: { name },
    spec: { strategy: { canary: {} }, template: { spec } },
  });

  it('that is listed is judged by its structure', async () => {
    const bad = rollout(ROLLOUT, 'canary', podSpec(fromSecret()));
    expect(await create(ROLLOUT, bad)).toMatchObject(
      denial('Rollout', `secret-env-ref at spec.template.spec.containers[0].${REF}`),
    );
    const good = rollout(ROLLOUT, 'canary', mountingSpec());
    expect(await create(ROLLOUT, good)).toMatchObject({ status: 201, warnings: [] });
  });

  it('that is not listed does not arrive', async () => {
    const bad = rollout(UNLISTED, 'widget', podSpec(fromSecret()));
    expect(await create(UNLISTED, bad)).toMatchObject({ status: 201 });
    expect(webhook.log.decisions({ kind: 'Widget' })).toEqual([]);
  });

  it('answers for keys that JavaScript has a meaning for', async () => {
    const odd = JSON.parse(
      '{"__proto__": {"containers": []}, "constructor": {"prototype": {"x": 1}}}',
    ) as object;
    const spec = { ...podSpec(fromSecret()), ...odd };
    expect(Object.keys(spec)).toEqual(['containers', '__proto__', 'constructor']);
    const bad = rollout(ROLLOUT, 'odd', spec);
    expect(await create(ROLLOUT, bad)).toMatchObject(
      denial('Rollout', `secret-env-ref at spec.template.spec.containers[0].${REF}`),
    );
  });
});
