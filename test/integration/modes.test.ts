// What a finding leads to, as clients and the audit log see it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { clientApi, model } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { auditLog, type AuditLog } from './support/audit-log.ts';
import { only } from './support/configuration.ts';
import { fromSecret, mountingSpec, pod, type Variable } from './support/objects.ts';
import { refusal } from './support/refusal.ts';
import { startWebhook, type WebhookServer } from './support/webhook.ts';
import { WEBHOOK } from './support/webhook-configuration.ts';

jest.setTimeout(120_000);

const PATH = 'spec.containers[0].env[0].valueFrom.secretKeyRef';
const FINDINGS = `${WEBHOOK}/findings`;

let audit: AuditLog;
let plane: ControlPlane;
let webhook: WebhookServer;
beforeAll(async () => {
  audit = await auditLog();
  plane = await startControlPlane({ apiServerArgs: audit.args });
  webhook = await startWebhook(plane);
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
  await audit.remove();
});

const create = (
  body: { readonly metadata: unknown },
  query: Readonly<Record<string, string>> = {},
): Promise<ApiResponse> =>
  request(plane, { method: 'POST', path: '/api/v1/namespaces/default/pods', body, query });

const isThere = async (name: string): Promise<boolean> => {
  const path = `/api/v1/namespaces/default/pods/${name}`;
  return (await request(plane, { method: 'GET', path })).status === 200;
};

/** Each has a user of its own, by whom its audit event is known. */
const createAs = (user: string, body: unknown): Promise<ApiResponse> =>
  request(plane, {
    method: 'POST',
    path: '/api/v1/namespaces/default/pods',
    body,
    as: plane.as(user, ['system:masters']),
  });

const eventOf = (user: string) =>
  audit.event(user, ({ impersonatedUser }) => impersonatedUser?.username === user);

describe('the profile baseline, by the typed client', () => {
  it('denies a Pod that takes a Secret key as an environment variable', async () => {
    const { core } = clientApi(plane);
    const { metadata, spec } = pod('denied', fromSecret());
    const refused = await refusal(
      core.createNamespacedPod({ namespace: 'default', body: model({ metadata, spec }) }),
    );
    expect(refused).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(refused.message).toMatch(
      /^admission webhook "validate.hushgate.dev" denied the request: 1 finding denies Pod default\/denied:\n/,
    );
    expect(refused.message).toContain(`\n- deny secret-env-ref at ${PATH}: `);
    expect(await isThere('denied')).toBe(false);
  });

  it('lets the same Secret pass as a mounted file', async () => {
    const { core } = clientApi(plane);
    const made = await core.createNamespacedPod({
      namespace: 'default',
      body: model({ metadata: { name: 'mounted' }, spec: mountingSpec() }),
    });
    expect(made.metadata?.uid).toMatch(/./);
    expect(webhook.log.decisions({ object: 'default/mounted' })).not.toContainEqual(
      expect.objectContaining({ decision: 'denied' }),
    );
  });

  it('warns of a Role that gets every Secret, in the Warning header', async () => {
    const api = clientApi(plane);
    const role = (name: string, resourceNames?: string[]) =>
      api.rbac.createNamespacedRole({
        namespace: 'default',
        body: model({
          metadata: { name },
          rules: [
            {
              apiGroups: [''],
              resources: ['secrets'],
              verbs: ['get'],
              ...(resourceNames === undefined ? {} : { resourceNames }),
            },
          ],
        }),
      });
    await role('reader');
    expect(api.observed.status).toBe(201);
    expect(api.observed.warnings).toContainEqual(
      expect.stringMatching(/^rbac-secrets-unnamed at rules\[0\]: /),
    );
    await role('named', ['database']);
    expect(api.observed).toEqual({ status: 201, warnings: [] });
  });
});

describe('the mode of one policy', () => {
  it('deny: the finding is in the audit log too', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'deny' }));
    expect(await createAs('denied-user', pod('x', fromSecret()))).toMatchObject({
      status: 403,
      warnings: [],
    });
    const event = await eventOf('denied-user');
    expect(event.annotations?.[FINDINGS]).toBe(`secret-env-ref ${PATH} (deny)`);
    expect(event.responseStatus?.code).toBe(403);
  });

  it('warn: the object is made, and the client told', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'warn' }));
    const made = await createAs('warned-user', pod('warned', fromSecret()));
    expect(made).toMatchObject({
      status: 201,
      warnings: [expect.stringMatching(`^secret-env-ref at ${escape(PATH)}: `)],
    });
    const event = await eventOf('warned-user');
    expect(event.annotations?.[FINDINGS]).toBe(`secret-env-ref ${PATH} (warn)`);
  });

  it('audit: nothing but the annotation, which a clean object does not have', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'audit' }));
    const made = await createAs('audited-user', pod('audited', fromSecret()));
    expect(made).toMatchObject({ status: 201, warnings: [] });
    const event = await eventOf('audited-user');
    expect(event.annotations?.[FINDINGS]).toBe(`secret-env-ref ${PATH} (audit)`);

    expect(await createAs('clean-user', pod('clean'))).toMatchObject({ status: 201 });
    const clean = await eventOf('clean-user');
    expect(Object.keys(clean.annotations ?? {})).not.toContain(FINDINGS);
  });

  it('off: nothing at all', async () => {
    await webhook.configure(only({}));
    const made = await createAs('off-user', pod('off', fromSecret()));
    expect(made).toMatchObject({ status: 201, warnings: [] });
    const event = await eventOf('off-user');
    expect(Object.keys(event.annotations ?? {})).not.toContain(FINDINGS);
  });
});

describe('dryRun', () => {
  it('of the server turns a denial into a warning that says so', async () => {
    await webhook.configure({ ...only({ 'secret-env-ref': 'deny' }), dryRun: true });
    const made = await createAs('rollout-user', pod('rollout', fromSecret()));
    expect(made).toMatchObject({
      status: 201,
      warnings: [expect.stringMatching(`^would be denied: secret-env-ref at ${escape(PATH)}: `)],
    });
    const event = await eventOf('rollout-user');
    expect(event.annotations?.[FINDINGS]).toBe(`secret-env-ref ${PATH} (warn, dry-run)`);
    expect(await createAs('other-user', pod('rollout-clean'))).toMatchObject({
      status: 201,
      warnings: [],
    });
  });

  it('of a request gets the same verdict', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'deny' }));
    expect(await create(pod('tried', fromSecret()), { dryRun: 'All' })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining(`secret-env-ref at ${PATH}`) },
    });
    expect(await create(pod('tried'), { dryRun: 'All' })).toMatchObject({ status: 201 });
    expect(await isThere('tried')).toBe(false);
  });
});

describe('generateName', () => {
  it('is judged as any other object, by the name that the API server made', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'deny' }));
    const generated = (...env: Variable[]) => ({
      ...pod('', ...env),
      metadata: { generateName: 'web-' },
    });
    expect(await create(generated(fromSecret()))).toMatchObject({
      status: 403,
      body: {
        message: expect.stringMatching(
          /1 finding denies Pod default\/web-\w{5}:\n- deny secret-env-ref at/,
        ),
      },
    });
    expect(await create(generated())).toMatchObject({ status: 201 });
  });
});

describe('an exception', () => {
  const exception = {
    policies: ['secret-env-ref'],
    kind: 'Pod',
    namespace: 'default',
    name: 'excused',
    paths: ['spec.containers[main].env[PASSWORD]'],
    owner: 'team-shop',
    reason: 'until the next release',
    expires: '2999-12-31',
  };
  const configure = (...exceptions: readonly object[]): Promise<void> =>
    webhook.configure({ ...only({ 'secret-env-ref': 'deny' }), exceptions });

  it('lets its finding pass, and the audit log says whose it is', async () => {
    await configure(exception);
    const made = await createAs('excused-user', pod('excused', fromSecret()));
    expect(made).toMatchObject({ status: 201, warnings: [] });
    const event = await eventOf('excused-user');
    expect(event.annotations?.[FINDINGS]).toBe(
      `secret-env-ref ${PATH} (audit, exception of team-shop)`,
    );
  });

  it.each([
    ['another variable', pod('excused', fromSecret('OTHER'))],
    ['another name', pod('excused-not', fromSecret())],
    ['a generated name', { ...pod('', fromSecret()), metadata: { generateName: 'excused' } }],
    [
      'labels and annotations',
      {
        ...pod('', fromSecret()),
        metadata: {
          name: 'labelled',
          labels: { 'hushgate.dev/exception': 'excused' },
          annotations: { 'hushgate.dev/exception': 'excused' },
        },
      },
    ],
  ])('is not stretched by %s', async (_, body) => {
    await configure(exception);
    expect(await create(body, { dryRun: 'All' })).toMatchObject({
      status: 403,
      body: {
        message: expect.stringContaining('- deny secret-env-ref at spec.containers[0].env[0]'),
      },
    });
  });

  it('by a name prefix holds for whom it names, and for nobody else', async () => {
    const { name: namePrefix, ...rest } = exception;
    await configure({ ...rest, namePrefix, requestedBy: { users: ['excused-user'] } });
    const body = { ...pod('', fromSecret()), metadata: { generateName: 'excused-' } };
    expect(await createAs('excused-user', body)).toMatchObject({ status: 201, warnings: [] });
    expect(await createAs('other-user', body)).toMatchObject({ status: 403 });
  });
});

describe('more warnings than the API server passes on', () => {
  it('arrive cut within its limit, and say how many are missing', async () => {
    await webhook.configure(only({ 'secret-env-ref': 'warn' }));
    const env = Array.from({ length: 60 }, (_, index) => fromSecret(`PASSWORD_${index}`));
    const { status, warnings } = await create(pod('many', ...env), { dryRun: 'All' });
    const [, missing] =
      /^hushgate: and (\d+) more findings, cut to fit$/.exec(warnings.at(-1) ?? '') ?? [];

    expect(status).toBe(201);
    expect(warnings.length - 1 + Number(missing)).toBe(env.length);
    expect(warnings.length).toBeGreaterThan(10);
    for (const warning of warnings.slice(0, -1)) {
      expect(warning).toMatch(/^secret-env-ref at spec\.containers\[0\]\.env\[\d+\].*… \(cut\)$/);
    }
  });
});

function escape(text: string): string {
  return text.replaceAll(/[[\].]/g, '\\$&');
}
