import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:tls';
import { loadConfiguration } from '../../src/config/load.ts';
import { catalogue } from '../../src/policies/catalogue.ts';
import { BODY_LIMIT } from '../../src/server/app.ts';
import { LOG_LEVELS } from '../../src/server/log-fields.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { CANARY, poison, spellings } from '../support/canary.ts';
import type { Call } from '../support/client.ts';
import { fixturesOf } from '../support/fixtures.ts';
import { withBrokenAnswer, withBrokenModes, withBrokenPolicy } from '../support/failing.ts';
import { pod, reviewFor } from '../support/reviews.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 's',
    namespace: 'shop',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"a":"${CANARY}"}}`,
      note: CANARY,
    },
  },
  type: 'kubernetes.io/service-account-token',
  data: {
    password: Buffer.from(CANARY).toString('base64'),
    name: CANARY,
    [`${CANARY.length}`]: CANARY,
  },
  stringData: { key: CANARY, secretName: CANARY },
};
const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'shop' },
  data: { 'app.conf': `password=${CANARY}`, name: CANARY },
};
const workload = pod({
  containers: [
    {
      name: 'app',
      image: 'app:1',
      command: ['sh', '-c', CANARY],
      args: [CANARY],
      env: [
        { name: 'PASSWORD', value: CANARY },
        {
          name: 'TOKEN',
          value: `ghp_${CANARY}`,
          valueFrom: { secretKeyRef: { name: 'db', key: 'k' } },
        },
        { name: 'BROKEN', value: { nested: CANARY } },
      ],
      livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: CANARY }] } },
    },
  ],
});

const objects: readonly unknown[] = [
  secret,
  { ...secret, data: [CANARY], stringData: CANARY },
  { ...secret, metadata: CANARY },
  configMap,
  { ...configMap, data: CANARY },
  workload,
  pod({ containers: { app: CANARY } }),
  ...catalogue.flatMap(({ meta }) =>
    fixturesOf(meta.id).flatMap(({ documents }) =>
      documents.flatMap((document) => [poison(document, true), poison(document, false)]),
    ),
  ),
];

const ODD = JSON.stringify({ [CANARY]: CANARY });

const REFUSED: readonly (readonly [string, number, Call])[] = [
  ['a body that is no JSON', 400, { body: CANARY }],
  ['JSON that ends early', 400, { body: `{"a": "${CANARY}", "b` }],
  ['JSON with a stray token', 400, { body: `{"a": "${CANARY}"} ${CANARY}` }],
  ['another kind', 400, { body: JSON.stringify({ kind: CANARY, apiVersion: CANARY }) }],
  ['a request of text', 400, { body: JSON.stringify({ ...reviewFor(secret), request: CANARY }) }],
  ['another operation', 400, { body: JSON.stringify(reviewFor(secret, { operation: CANARY })) }],
  [
    'groups of text',
    400,
    { body: JSON.stringify(reviewFor(secret, { userInfo: { groups: CANARY } })) },
  ],
  ['another path', 404, { path: `/${CANARY}`, body: ODD }],
  ['another method', 405, { method: 'PUT', path: `/validate?a=${CANARY}`, body: ODD }],
  ['another type', 415, { headers: { 'content-type': `text/${CANARY}` }, body: CANARY }],
  ['too large a body', 413, { body: CANARY.repeat(BODY_LIMIT / 16) }],
];

describe.each(LOG_LEVELS)('at log level %s no value leaves the process', (level) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(level);
  });
  afterAll(() => app.close());

  const expectSilence = (...texts: readonly string[]): void => {
    const all = texts.join('\n');
    for (const spelling of spellings(CANARY)) expect(all).not.toContain(spelling);
  };

  it('in answers, log lines and metrics of objects, in every mode', async () => {
    const configured = ['permissive', 'baseline', 'strict'].map((profile) =>
      loadConfiguration(
        `apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\nprofile: ${profile}\n`,
        'test.yaml',
      ),
    );
    let findings = 0;
    const judge = async (object: unknown, oldObject: unknown): Promise<void> => {
      const operation = oldObject === null ? 'CREATE' : 'UPDATE';
      const body = JSON.stringify(reviewFor(object, { operation, oldObject }));
      const { text, status } = await app.send({ body });
      expect(status).toBe(200);
      expectSilence(text);
      if (text.includes('findings')) findings += 1;
    };
    for (const settings of configured) {
      app.settings = settings;
      await Promise.all(objects.flatMap((object) => [judge(object, null), judge(object, pod())]));
    }

    expect(findings).toBeGreaterThan(catalogue.length);
    expectSilence(app.log.join(''), await app.metrics());
  }, 300_000);

  it.each(REFUSED)('in the answer to %s', async (_, wanted, given) => {
    const { text, status, headers } = await app.send(given);

    expect(status).toBe(wanted);
    expectSilence(text, JSON.stringify(headers), app.log.join(''), await app.metrics());
  });

  it.each([
    ['a policy fails', 200, withBrokenPolicy],
    ['judging fails', 200, withBrokenModes],
    ['the answer to that fails', 500, withBrokenAnswer],
  ] as const)('when %s', async (_, wanted, broken) => {
    const { settings } = app;
    app.settings = broken(settings);
    const { text, status } = await app.send({ body: JSON.stringify(reviewFor(workload)) });
    app.settings = settings;

    expect(status).toBe(wanted);
    expect(text).toMatch(/could not judge|not judged by broken|internal error/);
    expectSilence(text, app.log.join(''), await app.metrics());
  });

  it('in the trace of a connection that speaks no HTTP', async () => {
    const { hostname, port } = new URL(app.url);
    const said = await new Promise<string>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port), ca: app.caCert });
      let text = '';
      socket.on('secureConnect', () => socket.write(`${CANARY}\r\nx: ${CANARY}\r\n\r\n`));
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('close', () => {
        resolve(text);
      });
    });

    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expectSilence(said, app.log.join(''));
  });
});
