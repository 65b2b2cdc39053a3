import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HTTP_ERRORS, type HttpProblem } from '../../src/server/errors.ts';
import { BODY_LIMIT } from '../../src/server/app.ts';
import { startApp, type TestApp } from '../support/app.ts';
import type { Call } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { CANARY } from '../support/canary.ts';
import { withBrokenAnswer } from '../support/failing.ts';
import { sendHalf, sendSlowly } from '../support/slow.ts';
import { harmless, leaky, pod, responseOf, reviewFor } from '../support/reviews.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const review = (given: object): string => JSON.stringify({ ...reviewFor(pod()), ...given });
const request = (given: object): string => JSON.stringify(reviewFor(pod(), given));

const REFUSED: readonly (readonly [string, HttpProblem, Call])[] = [
  ['another path', 'not-found', { path: '/mutate', body: '{}' }],
  ['another method', 'method-not-allowed', { method: 'GET' }],
  ['POST to a health endpoint', 'method-not-allowed', { path: '/livez', body: '{}' }],
  [
    'another content type',
    'unsupported-media-type',
    { headers: { 'content-type': 'text/yaml' }, body: 'a: 1' },
  ],
  ['no JSON', 'not-json', { body: 'apiVersion: v1' }],
  ['JSON that ends early', 'not-json', { body: review({}).slice(0, -10) }],
  ['an empty body', 'empty-body', { body: '', headers: { 'content-length': '0' } }],
  ['over 24 MiB', 'body-too-large', { body: Buffer.alloc(BODY_LIMIT + 1, ' ') }],
  ['no object', 'not-a-review', { body: '[]' }],
  ['null', 'not-a-review', { body: 'null' }],
  ['another kind', 'not-a-review', { body: JSON.stringify(pod()) }],
  ['v1beta1', 'unsupported-version', { body: review({ apiVersion: 'admission.k8s.io/v1beta1' }) }],
  ['no request', 'no-request', { body: review({ request: undefined }) }],
  ['no uid', 'no-uid', { body: request({ uid: undefined }) }],
  ['an empty uid', 'no-uid', { body: request({ uid: '' }) }],
  ['a uid of another type', 'no-uid', { body: request({ uid: 7 }) }],
  ['another operation', 'bad-request-field', { body: request({ operation: 'READ' }) }],
  ['no operation', 'bad-request-field', { body: request({ operation: undefined }) }],
  ['no kind', 'bad-request-field', { body: request({ kind: null }) }],
  ['a kind that is text', 'bad-request-field', { body: request({ kind: 'Pod' }) }],
  ['groups that are text', 'bad-request-field', { body: request({ userInfo: { groups: 'a' } }) }],
];

describe('what is no review gets a plain answer that says so', () => {
  it.each(REFUSED)('%s: %s', async (_, problem, given) => {
    const { status, text } = await app.send(given);
    const answer = JSON.parse(text) as { error: string; message: string };

    expect(status).toBe(HTTP_ERRORS[problem].status);
    expect(answer.error).toBe(problem);
    expect(answer.message).toContain(HTTP_ERRORS[problem].text);
    expect(await app.metrics()).toContain(`hushgate_http_refused_total{problem="${problem}"}`);
  });

  it('names the version that it does support', async () => {
    const { text } = await app.send({ body: review({ apiVersion: 'admission.k8s.io/v1beta1' }) });

    expect(text).toContain('admission.k8s.io/v1');
  });

  it('names the field that is wrong', async () => {
    const { text } = await app.send({ body: request({ userInfo: { groups: 'a' } }) });

    expect(text).toContain('request.userInfo.groups');
  });

  it('says which method is allowed', async () => {
    const { headers } = await app.send({ method: 'PUT', body: '{}' });

    expect(headers.allow).toBe('POST');
  });

  it.each(['end', 'destroy'] as const)(
    'a body that ends before its content-length, by %s of the connection',
    async (how) => {
      const counted = (): Promise<number> => count('body-incomplete');
      const [before, lines] = [await counted(), app.log.length];
      await sendHalf(app, how);
      await eventually('its count', async () => (await counted()) === before + 1);
      const { status } = await app.send({ body: request({}) });

      expect(status).toBe(200);
      expect(app.log.slice(lines).filter((line) => /"level":"error"/.test(line))).toEqual([]);
    },
  );

  it('what goes wrong inside: internal, and the log says where', async () => {
    const { settings } = app;
    app.settings = withBrokenAnswer(settings);
    const { status, text } = await app.send({ body: request({}) });
    app.settings = settings;

    expect(status).toBe(HTTP_ERRORS.internal.status);
    expect(JSON.parse(text)).toEqual({ error: 'internal', message: HTTP_ERRORS.internal.text });
    expect(app.log.join('')).toContain('"error":"RangeError"');
    expect(app.log.join('')).not.toContain(CANARY);
  });

  it("a body that came after the API server's timeout: too-late", async () => {
    const body = request({});
    const late = await sendSlowly(app, '/validate?timeout=100ms', body);
    const inTime = await sendSlowly(app, '/validate?timeout=100s', body);

    expect([late.status, inTime.status]).toEqual([HTTP_ERRORS['too-late'].status, 200]);
    expect(JSON.parse(late.text)).toMatchObject({ error: 'too-late' });
    expect(responseOf(inTime.text).allowed).toBe(false);
  });

  it('each with a test of its own', async () => {
    const seen = (await app.metrics()).matchAll(/http_refused_total\{problem="([\w-]+)"\}/g);

    expect(Array.from(seen, ([, problem]) => problem).sort()).toEqual(
      Object.keys(HTTP_ERRORS).sort(),
    );
  });
});

async function count(problem: HttpProblem): Promise<number> {
  const [, found = '0'] =
    new RegExp(`refused_total\\{problem="${problem}"\\} (\\d+)`).exec(await app.metrics()) ?? [];
  return Number(found);
}

const malformed = (spec: object): string => JSON.stringify(reviewFor(pod(spec)));

const SECRETS = { apiGroups: [''], resources: ['secrets'] };

const UNJUDGED: readonly (readonly [string, object, string])[] = [
  ['containers a map', { containers: { app: leaky('app') } }, 'spec.containers'],
  ['a container that is text', { containers: ['app'] }, 'spec.containers[0]'],
  [
    'env a map',
    { containers: [{ ...harmless('app'), env: { A: 'b' } }] },
    'spec.containers[0].env',
  ],
  [
    'envFrom text',
    { containers: [{ ...harmless('app'), envFrom: 'a' }] },
    'spec.containers[0].envFrom',
  ],
  [
    'a number for the name of a variable',
    { containers: [{ ...harmless('app'), env: [{ name: 7, value: 'x' }] }] },
    'spec.containers[0].env[0].name',
  ],
  [
    'a number for its value',
    { containers: [{ ...harmless('app'), env: [{ name: 'PASSWORD', value: 7 }] }] },
    'spec.containers[0].env[0].value',
  ],
];

describe('a valid review is always answered with its own uid', () => {
  it.each(UNJUDGED)('%s is not judged, and says so', async (_, spec, path) => {
    const { status, text } = await app.send({ body: malformed(spec) });
    const { uid, allowed, warnings } = responseOf(text);

    expect(status).toBe(200);
    expect({ uid, allowed }).toEqual({
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      allowed: true,
    });
    expect(warnings?.join('\n')).toContain(`not judged at ${path}: `);
    expect(await app.metrics()).toContain('reason="malformed"');
  });

  it.each(UNJUDGED)('%s is refused where onError denies', async (_, spec, path) => {
    app.settings = { ...app.settings, onError: 'deny' };
    const { text } = await app.send({ body: malformed(spec) });
    app.settings = { ...app.settings, onError: 'warn' };
    const { allowed, status } = responseOf(text);

    expect(allowed).toBe(false);
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(status?.message).toContain(`deny not judged at ${path}: `);
  });

  it.each([
    ['rules a map', { rules: { a: 1 } }, 'rules'],
    ['a rule that is text', { rules: ['list'] }, 'rules[0]'],
    ['verbs that are text', { rules: [{ ...SECRETS, verbs: 'list' }] }, 'rules[0].verbs'],
    ['a number for a verb', { rules: [{ ...SECRETS, verbs: [7] }] }, 'rules[0].verbs[0]'],
  ])('in a Role, %s is not judged, and says so', async (_, fields, path) => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'shop' },
      ...fields,
    };
    const { text } = await app.send({ body: JSON.stringify(reviewFor(role)) });

    expect(responseOf(text).warnings?.join('\n')).toContain(`not judged at ${path}: `);
  });

  it('reports beside a name of a wrong type what it does find', async () => {
    const valueFrom = { secretKeyRef: { name: 7, key: 8 } };
    const spec = { containers: [{ ...harmless('app'), env: [{ name: 5, valueFrom }] }] };
    const { text } = await app.send({ body: malformed(spec) });
    const { message = '' } = responseOf(text).status ?? {};

    expect(message).toContain(
      'deny secret-env-ref at spec.containers[0].env[0].valueFrom.secretKeyRef: ',
    );
    expect(message).toContain('warn not judged at spec.containers[0].env[0].name: ');
  });

  it('reads null lists as empty ones', async () => {
    const spec = {
      initContainers: null,
      containers: [{ ...harmless('app'), env: null, envFrom: null }],
    };
    const { text } = await app.send({ body: malformed(spec) });
    const { allowed, warnings = [] } = responseOf(text);

    expect(allowed).toBe(true);
    expect(warnings.filter((warning) => warning.includes('not judged'))).toEqual([]);
  });

  it.each([
    ['DELETE with a null object', { operation: 'DELETE', object: null, oldObject: pod() }],
    [
      'CONNECT with options',
      { operation: 'CONNECT', subResource: 'exec', object: { kind: 'PodExecOptions' } },
    ],
    [
      'an unknown kind',
      { kind: { group: 'example.com', version: 'v1', kind: 'Widget' }, object: { spec: 1 } },
    ],
    ['a CREATE without an object', { object: null }],
    ['a status update', { operation: 'UPDATE', subResource: 'status', oldObject: pod() }],
  ])('%s is allowed', async (_, given) => {
    const { status, text } = await app.send({ body: request(given) });

    expect(status).toBe(200);
    expect(responseOf(text)).toEqual({
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      allowed: true,
    });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a Secret with the data key %s is judged like any other',
    async (key) => {
      const secret = `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop"},"type":"kubernetes.io/service-account-token","data":{"${key}":"aGk="}}`;
      const body = JSON.stringify(reviewFor({ kind: 'Secret', apiVersion: 'v1' })).replace(
        /"object":\{[^}]*\}/,
        `"object":${secret}`,
      );
      const { status, text } = await app.send({ body });

      expect(status).toBe(200);
      expect(responseOf(text).warnings?.join()).toContain('secret-legacy-token at type: ');
    },
  );

  it('a label and an env var called __proto__ hide nothing', async () => {
    const body = request({}).replace(
      '"metadata":{',
      '"metadata":{"labels":{"__proto__":"x"},"__proto__":{},',
    );
    const { text } = await app.send({ body });

    expect(responseOf(text).status?.message).toContain(
      'deny secret-env-ref at spec.containers[0].env[0].valueFrom.secretKeyRef: ',
    );
  });
});
