import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultSettings, loadConfiguration } from '../../src/config/load.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { CANARY } from '../support/canary.ts';
import { withBrokenModes, withBrokenPolicy } from '../support/failing.ts';
import { leaky, pod, responseOf, reviewFor, type Response } from '../support/reviews.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
beforeEach(() => {
  app.settings = defaultSettings();
});
afterAll(() => app.close());

async function answerTo(object: unknown, request: object = {}): Promise<Response> {
  const { text } = await app.send({ body: JSON.stringify(reviewFor(object, request)) });
  return responseOf(text);
}

const configure = (yaml: string): Settings =>
  loadConfiguration(
    `apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n${yaml}`,
    'test.yaml',
  );

describe('a denial', () => {
  it('has code 403, reason Forbidden and every finding with policy, path and fix', async () => {
    const { allowed, status, warnings } = await answerTo(
      pod({ initContainers: [leaky('init', 'other')], containers: [leaky('app')] }),
    );

    expect(allowed).toBe(false);
    expect(warnings).toBeUndefined();
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(status?.message).toMatch(
      /^2 findings deny Pod shop\/checkout:\n- deny secret-env-ref at /,
    );
    for (const list of ['containers', 'initContainers']) {
      expect(status?.message).toContain(
        `deny secret-env-ref at spec.${list}[0].env[0].valueFrom.secretKeyRef: `,
      );
    }
    expect(status?.message).toContain('. Fix: mount it: ');
  });

  it('writes control characters out, in the message and in the log', async () => {
    const odd = (text: string): string => `${text}\u001b[2J\r\n\u0085\u2028`;
    const { status } = await answerTo(
      pod({ containers: [leaky('app', 'db\u001b[31m\nred\u202e')] }, { name: 'x\u001b[2J' }),
      { namespace: odd('shop'), userInfo: { username: odd('jane') }, subResource: odd('sub') },
    );
    const line = app.log.at(-1) ?? '';

    expect(status?.message).toContain('db\\u{1b}[31m\\u{a}red\\u{202e}');
    expect(status?.message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(line).toContain('x\\\\u{1b}[2J');
    expect(JSON.parse(line)).toMatchObject({
      user: 'jane\\u{1b}[2J\\u{d}\\u{a}\\u{85}\\u{2028}',
      object: 'shop\\u{1b}[2J\\u{d}\\u{a}\\u{85}\\u{2028}/x\\u{1b}[2J',
    });
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('keeps a uid with control characters as it is in the answer, and out of the log', async () => {
    const uid = 'a\u001b[2J\nb';
    const { uid: answered } = await answerTo(pod(), { uid });

    expect(answered).toBe(uid);
    expect(app.log.at(-1)?.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(app.log.at(-1) ?? '')).toMatchObject({ uid: 'a\\u{1b}[2J\\u{a}b' });
  });
});

describe('modes', () => {
  it('dryRun turns a denial into a warning that says so', async () => {
    app.settings = configure('dryRun: true');
    const { allowed, warnings } = await answerTo(pod());

    expect(allowed).toBe(true);
    expect(warnings?.[0]).toMatch(
      /^would be denied: secret-env-ref at spec\.containers\[0\]\.env\[0\]\.valueFrom\.secretKeyRef: /,
    );
  });

  it('audit tells the caller nothing and sets an audit annotation', async () => {
    app.settings = configure(
      `policies: { ${app.settings.policies.map(({ policy }) => `${policy.meta.id}: { mode: audit }`).join(', ')} }`,
    );
    const { allowed, warnings, auditAnnotations } = await answerTo(pod());

    expect({ allowed, warnings }).toEqual({ allowed: true, warnings: undefined });
    expect(auditAnnotations?.['findings']).toContain(
      'secret-env-ref spec.containers[0].env[0].valueFrom.secretKeyRef (audit)',
    );
  });
});

describe('a policy that fails', () => {
  it('is answered by a warning in baseline; the others still report', async () => {
    app.settings = withBrokenPolicy(configure('policies: { secret-env-ref: { mode: warn } }'));
    const { allowed, warnings } = await answerTo(pod());
    const all = warnings?.join('\n') ?? '';

    expect(allowed).toBe(true);
    expect(all).toContain('not judged by broken: the policy failed with RangeError');
    expect(all).toContain('secret-env-ref at spec.containers[0]');
    expect(await app.metrics()).toContain(
      'hushgate_not_judged_total{policy="broken",reason="internal"} 1',
    );
  });

  it('is answered by a denial in strict', async () => {
    app.settings = withBrokenPolicy(configure('profile: strict'));
    const { allowed, status } = await answerTo(pod());

    expect(allowed).toBe(false);
    expect(status?.message).toContain('deny not judged by broken: ');
    expect(status?.message).not.toContain(CANARY);
  });
});

describe('when judging itself fails', () => {
  it.each([
    ['warn', true],
    ['deny', false],
  ] as const)('onError %s answers with the uid and the reason', async (onError, wanted) => {
    app.settings = withBrokenModes({ ...defaultSettings(), onError });
    const { uid, allowed, warnings = [], status } = await answerTo(pod());

    expect({ uid, allowed }).toEqual({
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      allowed: wanted,
    });
    expect([...warnings, status?.message].join('')).toContain('could not judge this object');
    expect(app.log.at(-1)).toContain('"error":"RangeError"');
    expect(app.log.join('')).not.toContain(CANARY);
  });
});

describe('the server', () => {
  it('is ready, then not while it drains, and closes the connections that it still answers', async () => {
    const before = await app.send({ method: 'GET', path: '/readyz' });
    app.lifecycle.draining = true;
    const [after, alive, review] = await Promise.all([
      app.send({ method: 'GET', path: '/readyz' }),
      app.send({ method: 'GET', path: '/livez' }),
      app.send({ body: JSON.stringify(reviewFor(pod())) }),
    ]);
    app.lifecycle.draining = false;

    expect([before.status, after.status, alive.status]).toEqual([200, 503, 200]);
    expect(review.status).toBe(200);
    expect(review.headers.connection).toBe('close');
    expect(responseOf(review.text).allowed).toBe(false);
  });

  it('logs one line a decision, with identifiers only', async () => {
    const lines = app.log.length;
    await answerTo(pod(), { subResource: 'ephemeralcontainers' });
    const line = JSON.parse(app.log[lines] ?? '') as Record<string, unknown>;

    expect(app.log.length).toBe(lines + 1);
    expect(line).toMatchObject({
      level: 'info',
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      user: 'jane',
      operation: 'CREATE',
      kind: 'Pod',
      subresource: 'ephemeralcontainers',
      object: 'shop/checkout',
      decision: 'denied',
      msg: 'decision',
    });
    expect(line['policies']).toContain('secret-env-ref:deny');
    expect(line['durationMs']).toEqual(expect.any(Number));
  });

  it('counts by closed labels only: no name, namespace or user', async () => {
    await answerTo(
      {
        apiVersion: 'evil.example.com/v1',
        kind: 'CanaryKind',
        metadata: { name: 'n', namespace: 'canary-ns' },
      },
      { userInfo: { username: 'canary-user' } },
    );
    const text = await app.metrics();

    expect(text).toContain('kind="other"');
    expect(text).not.toMatch(/canary/i);
  });
});
