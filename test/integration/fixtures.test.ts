// Every fixture as the API server hands it over: decoded, defaulted, changed by its own admission plugins.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { webhookRules, type WebhookRule } from '../../src/admission/rules.ts';
import { Field } from '../../src/engine/field.ts';
import type { Subject } from '../../src/engine/subject.ts';
import { podTemplates } from '../../src/kubernetes/pod-template.ts';
import { hasInjectedToken } from '../../src/kubernetes/token-volumes.ts';
import { rolesFrom } from '../../src/rbac/roles.ts';
import { startApp, type TestApp } from '../support/app.ts';
import {
  admissionPolicies,
  FIXTURE_DAY,
  fixturesOf,
  strictSettings,
  type Fixture,
} from '../support/fixtures.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request, type ApiResponse } from './harness/request.ts';
import { defineCustomKinds } from './support/crds.ts';
import { dryRuns, type DryRun } from './support/dry-run.ts';
import { REJECTED, REWRITTEN } from './support/rejected-fixtures.ts';
import { WEBHOOK } from './support/webhook-configuration.ts';
import { register } from './support/webhook.ts';

jest.setTimeout(120_000);

let plane: ControlPlane;
let app: TestApp;
/** Reviews that arrived for the fixture at hand. */
let reviews = 0;
let rules: readonly WebhookRule[];
let create: DryRun;
const counts = { judged: 0, rewritten: 0, rejected: 0, findings: 0 };

beforeAll(async () => {
  plane = await startControlPlane();
  app = await startApp('silent');
  create = dryRuns(plane);
  rules = webhookRules(admissionPolicies, await defineCustomKinds(plane));
  await register(plane, {
    name: 'hushgate',
    url: app.url,
    caCert: app.caCert,
    rules,
    failurePolicy: 'Fail',
    timeoutSeconds: 10,
  });
  app.facts = () => {
    reviews += 1;
    return { now: FIXTURE_DAY };
  };
  await eventually('the first review', async () => {
    await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' } });
    return reviews > 0 ? true : undefined;
  });
});
afterAll(async () => {
  process.stdout.write(
    `fixtures: ${counts.judged} judged as in their files, ${counts.rewritten} rewritten and ${counts.rejected} rejected by the API server; ${counts.findings} findings\n`,
  );
  await app.close();
  await plane.stop();
});

interface Applied {
  readonly answer: ApiResponse;
  /** Whether the webhook is asked about its kind. */
  readonly isAsked: boolean;
}

async function apply(document: unknown): Promise<Applied> {
  const { group, resource } = await create.servedAs(document);
  const isAsked = rules.some(
    (rule) => rule.apiGroups.includes(group) && rule.resources.includes(resource),
  );
  return { answer: await create(document, 'fixtures'), isAsked };
}

interface Told {
  readonly findings: readonly string[];
  readonly notJudged: readonly string[];
}

/** What a user reads of one policy: in the message of a denial, or in warnings. */
function toldOf(policy: string, { status, body, warnings }: ApiResponse): Told {
  const message = status === 403 ? (Field.root(body).get('message').text() ?? '') : '';
  const denied = message
    .split('\n')
    .flatMap((line) => /^- (?:deny|warn) (.*)$/.exec(line)?.[1] ?? []);
  const lines = [...denied, ...warnings];
  expect(lines.filter((line) => /^(?:hushgate: )?and \d+ more/.test(line))).toEqual([]);
  const paths = (start: string): string[] =>
    lines.flatMap((line) => {
      if (line.startsWith(`${start}: `)) return '';
      return line.startsWith(`${start} at `)
        ? (/^.*?(?=: )/.exec(line.slice(`${start} at `.length)) ?? [])
        : [];
    });
  return { findings: paths(policy), notJudged: lines.flatMap((line) => gapIn(policy, line)) };
}

/** The path of what this policy, or none, could judge. */
function gapIn(policy: string, line: string): readonly string[] {
  const [, by, path = ''] = /^not judged(?: by ([\w, -]+?))?(?: at (.*?))?: /.exec(line) ?? [];
  if (!line.startsWith('not judged')) return [];
  return by === undefined || by.split(', ').includes(policy) ? [path] : [];
}

/** The API server's own refusal; a denial of the webhook is none, nor a stock object that is there already. */
function rejection({ status, body }: ApiResponse): string | undefined {
  if (status === 201 || status === 409) return undefined;
  const message = Field.root(body).get('message').text() ?? '';
  return message.startsWith(`admission webhook "${WEBHOOK}" denied`) ? undefined : message;
}

/** Applies every document; the roles among them are the facts of the others. */
async function applyAll(fixture: Fixture): Promise<readonly Applied[]> {
  const roles = rolesFrom(fixture.documents);
  app.settings = strictSettings(fixture);
  app.facts = () => {
    reviews += 1;
    return { now: FIXTURE_DAY, roles };
  };
  reviews = 0;
  const applied: Applied[] = [];
  for (const document of fixture.documents) applied.push(await apply(document));
  return applied;
}

/** The API server writes stringData of a Secret into data. */
const stored = (path: string): string => path.replace(/^stringData(?=[.[])/, 'data');

async function check(fixture: Fixture): Promise<void> {
  const { policy, file } = fixture;
  const applied = await applyAll(fixture);
  const [reason] = applied.flatMap(({ answer }) => rejection(answer) ?? []);
  const listed = REJECTED[file];
  if (reason !== undefined || listed !== undefined) {
    counts.rejected += 1;
    expect(reason).toContain(listed ?? 'a reason that REJECTED lists');
    return;
  }
  const told = applied.map(({ answer }) => toldOf(policy, answer));
  const findings = told.flatMap((each) => each.findings).sort();
  const rewritten = REWRITTEN[file];
  counts[rewritten === undefined ? 'judged' : 'rewritten'] += 1;
  counts.findings += findings.length;
  expect({
    reviews,
    findings,
    notJudged: told.flatMap((each) => each.notJudged).sort(),
  }).toEqual({
    reviews: applied.filter(({ isAsked }) => isAsked).length,
    findings: rewritten ?? fixture.expected.map(({ path }) => stored(path)).sort(),
    notJudged: [...fixture.notJudged].sort(),
  });
}

describe.each(admissionPolicies.map(({ meta }) => meta.id))('%s', (id) => {
  for (const fixture of fixturesOf(id)) it(fixture.file, () => check(fixture));
});

describe('a Pod, before it is judged,', () => {
  /** What arrives of a Pod that leaves its name to the API server. */
  async function arriving(spec: object): Promise<Subject> {
    const seen: Subject[] = [];
    const [real] = admissionPolicies.filter(({ meta }) => meta.id === 'secret-env-ref');
    if (real === undefined) throw new Error('no policy to look through');
    const check = (subject: Subject): [] => {
      seen.push(subject);
      return [];
    };
    const { settings } = app;
    app.settings = { ...settings, policies: [{ policy: { ...real, check }, options: {} }] };
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'worker-', uid: 'of-the-author', namespace: 'fixtures' },
      spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }], ...spec },
    });
    app.settings = settings;
    const [subject] = seen;
    if (subject === undefined) throw new Error('no review arrived');
    return subject;
  }

  const hasToken = (subject: Subject): boolean => podTemplates(subject).some(hasInjectedToken);

  it('has its name and uid, which the author cannot choose', async () => {
    const subject = await arriving({});

    expect(subject.name).toMatch(/^worker-.{5}$/);
    expect(subject.object.at('metadata', 'uid').value).toMatch(/^[\da-f]{8}-[-\da-f]{27}$/);
  });

  it('has the token volume, known by its content, unless the Pod or its ServiceAccount says no', async () => {
    const path = '/api/v1/namespaces/fixtures/serviceaccounts';
    const metadata = { name: 'without-token' };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    const body = { ...account, automountServiceAccountToken: false };
    expect(await request(plane, { method: 'POST', path, body })).toMatchObject({ status: 201 });

    expect(hasToken(await arriving({}))).toBe(true);
    expect(hasToken(await arriving({ automountServiceAccountToken: false }))).toBe(false);
    expect(hasToken(await arriving({ serviceAccountName: metadata.name }))).toBe(false);
    const asked = { serviceAccountName: metadata.name, automountServiceAccountToken: true };
    expect(hasToken(await arriving(asked))).toBe(true);
  });
});

it('has in its tables only fixtures that are there, and that the API server does change', () => {
  const fixtures = admissionPolicies.flatMap(({ meta }) => fixturesOf(meta.id));
  const files = fixtures.map(({ file }) => file);

  expect(files).toEqual(expect.arrayContaining(Object.keys({ ...REJECTED, ...REWRITTEN })));
  for (const { file, expected } of fixtures) {
    expect(expected.map(({ path }) => path)).not.toEqual(REWRITTEN[file]);
  }
});
