// One configuration file, read by the webhook behind a real API server and by `hushgate scan`.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { Field } from '../../src/engine/field.ts';
import type { ReportedFinding } from '../../src/scan/report.ts';
import { startScan } from '../../src/scan/scan.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { reportOfScan } from '../support/scan.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';
import { auditLog, type AuditLog } from './support/audit-log.ts';
import type { ConfigurationFields } from './support/configuration.ts';
import { dryRuns, type DryRun } from './support/dry-run.ts';
import { deployment, fromSecret, podSpec } from './support/objects.ts';
import { WEBHOOK } from './support/webhook-configuration.ts';
import { register, RULES, startWebhook, type WebhookServer } from './support/webhook.ts';

jest.setTimeout(240_000);

const TEMPLATE = 'spec.template.spec';
const REF = `${TEMPLATE}.containers[0].env[0].valueFrom.secretKeyRef`;

const placed = (name: string, namespace: string) => ({
  kind: 'Deployment',
  ...deployment(name, { ...podSpec(fromSecret()), automountServiceAccountToken: false }),
  metadata: { name, namespace },
});
const OBJECTS = [
  placed('checkout', 'shop'),
  placed('catalogue', 'shop'),
  placed('checkout', 'lab-1'),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader', namespace: 'shop' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }],
  },
];

const LAST_DAY = '2026-11-24';
const exception = (expires: string) => ({
  policies: ['secret-env-ref'],
  kind: 'Deployment',
  apiGroup: 'apps',
  namespace: 'shop',
  name: 'checkout',
  paths: [`${TEMPLATE}.containers[main].env[PASSWORD]`],
  owner: 'team-shop',
  reason: 'until the next release',
  expires,
});
const fields = (expires: string, more: ConfigurationFields = {}): ConfigurationFields => ({
  namespaces: [
    {
      match: ['lab-*'],
      profile: 'permissive',
      policies: { 'secret-consumer-root': 'deny' },
    },
  ],
  exceptions: [exception(expires)],
  ...more,
});

let audit: AuditLog;
let plane: ControlPlane;
let webhook: WebhookServer;
let create: DryRun;
let folder: string;
let objects: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-configuration-'));
  objects = join(folder, 'objects.json');
  await writeFile(objects, OBJECTS.map((object) => JSON.stringify(object)).join('\n'));
  audit = await auditLog();
  plane = await startControlPlane({ apiServerArgs: audit.args });
  webhook = await startWebhook(plane, { configuration: fields('2999-12-31') });
  file = webhook.configurationFolder.path('hushgate.yaml');
  create = dryRuns(plane);
});
afterAll(async () => {
  await webhook.stop();
  await plane.stop();
  await audit.remove();
  await rm(folder, { recursive: true });
});

interface Told {
  /** `policy path (mode, why)` of each finding on each object, as the API server's audit log has it. */
  readonly findings: readonly string[];
  /** What the caller reads: of a denial the message, or else the warnings. */
  readonly texts: readonly string[];
}

let users = 0;

async function toldByWebhook(): Promise<Told> {
  const findings: string[] = [];
  const texts: string[] = [];
  for (const object of OBJECTS) {
    users += 1;
    const user = `user-${users}`;
    const answer = await create(object, 'shop', plane.as(user, ['system:masters']));
    const event = await audit.event(
      user,
      ({ impersonatedUser }) => impersonatedUser?.username === user,
    );
    findings.push(event.annotations?.[`${WEBHOOK}/findings`] ?? '');
    texts.push(Field.root(answer.body).get('message').text() ?? answer.warnings.join('\n'));
  }
  return { findings, texts };
}

/** The same of what a scan finds. */
function toldInFile(findings: readonly ReportedFinding[]): Told {
  const each = OBJECTS.map(({ kind, metadata: { name, namespace } }) =>
    findings.filter((one) => one.kind === kind && one.name === name && one.namespace === namespace),
  );
  return {
    findings: each.map((own) => own.map(annotated).join('; ')),
    texts: each.map((own) => own.map(({ message }) => message).join('\n')),
  };
}

function annotated({ policy, path, mode, excuse, exception: by }: ReportedFinding): string {
  const why = excuse === undefined ? '' : `, ${excuse}`;
  return `${policy} ${path} (${mode}${why}${by === undefined ? '' : ` of ${by.owner}`})`;
}

/** What the webhook finds under this configuration; a scan with the same file must find it too. */
async function toldByBoth(configuration: ConfigurationFields): Promise<{
  readonly cluster: Told;
  readonly inFile: Told;
  readonly code: number | null;
}> {
  await webhook.configure(configuration);
  const cluster = await toldByWebhook();
  const { findings, errors, code } = await reportOfScan(['-f', objects, '--config', file]);
  const inFile = toldInFile(findings);
  expect(errors).toEqual([]);
  expect(inFile.findings).toEqual(cluster.findings);
  return { cluster, inFile, code };
}

const ROOT = `secret-consumer-root ${TEMPLATE}.containers[0].securityContext.runAsNonRoot`;
const LIST = 'rbac-secrets-list-watch rules[0]';

describe('the same file', () => {
  it('lets an object through by an exception that holds, in one namespace and by one name', async () => {
    const { cluster, code } = await toldByBoth(fields('2999-12-31'));

    expect(cluster.findings).toEqual([
      `${ROOT} (warn); secret-env-ref ${REF} (audit, exception of team-shop)`,
      `secret-env-ref ${REF} (deny); ${ROOT} (warn)`,
      `${ROOT} (deny); secret-env-ref ${REF} (warn)`,
      `${LIST} (deny)`,
    ]);
    expect(cluster.texts[0]).not.toContain('secret-env-ref');
    expect(code).toBe(1);
  });

  it('lets nothing through by one that has ended, and both say so where it was', async () => {
    const { cluster, inFile } = await toldByBoth(fields('2026-11-23'));
    const ended = 'the exception of team-shop ended with 2026-11-23 (UTC)';

    expect(cluster.findings[0]).toBe(`secret-env-ref ${REF} (deny); ${ROOT} (warn)`);
    for (const { texts } of [cluster, inFile]) {
      expect(texts.map((text) => text.split(ended).length - 1)).toEqual([1, 0, 0, 0]);
    }
    expect(cluster.texts[0]).toContain(`a rotation does not reach it; ${ended}. Fix: mount it: `);
  });

  it('denies nothing with dryRun: both warn', async () => {
    const { cluster, code } = await toldByBoth(fields('2999-12-31', { dryRun: true }));

    expect(cluster.findings).toEqual([
      `${ROOT} (warn); secret-env-ref ${REF} (audit, exception of team-shop)`,
      `secret-env-ref ${REF} (warn, dry-run); ${ROOT} (warn)`,
      `secret-env-ref ${REF} (warn); ${ROOT} (warn, dry-run)`,
      `${LIST} (warn, dry-run)`,
    ]);
    expect(cluster.texts[1]).toMatch(/^would be denied: secret-env-ref at /);
    expect(code).toBe(0);
  });

  it('has one profile for both', async () => {
    const strict = await toldByBoth(fields('2999-12-31', { profile: 'strict' }));
    const permissive = await toldByBoth(fields('2999-12-31', { profile: 'permissive' }));

    expect(strict.cluster.findings.slice(0, 2)).toEqual([
      `${ROOT} (deny); secret-env-ref ${REF} (audit, exception of team-shop)`,
      `secret-env-ref ${REF} (deny); ${ROOT} (deny)`,
    ]);
    expect(permissive.cluster.findings).toEqual([
      `secret-env-ref ${REF} (audit, exception of team-shop); ${ROOT} (audit)`,
      `secret-env-ref ${REF} (warn); ${ROOT} (audit)`,
      `${ROOT} (deny); secret-env-ref ${REF} (warn)`,
      `${LIST} (warn)`,
    ]);
  });
});

describe('at the end of the last day of an exception', () => {
  const END = Date.UTC(2026, 10, 25);
  let app: TestApp;
  let now = END;
  beforeAll(async () => {
    await webhook.configure(fields(LAST_DAY));
    const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations`;
    await request(plane, { method: 'DELETE', path: `${path}/hushgate` });
    app = await startApp('silent');
    app.settings = loadConfiguration(await readFile(file, 'utf8'), file);
    let arrived = 0;
    app.facts = () => {
      arrived += 1;
      return { now };
    };
    const { url, caCert } = app;
    await register(plane, {
      ...{ name: 'with-a-clock', url, caCert, rules: RULES, failurePolicy: 'Fail' },
    });
    await eventually('the first review', async () => {
      await create(OBJECTS[0], 'shop');
      return arrived > 0 ? true : undefined;
    });
  });
  afterAll(() => app.close());

  it.each([
    ['in its last millisecond it holds', END - 1, 'audit, exception of team-shop'],
    ['in the next it does not', END, 'deny'],
  ])('%s, for the webhook and for a scan', async (_, moment, leadsTo) => {
    now = moment;
    const cluster = await toldByWebhook();
    const settings = loadConfiguration(await readFile(file, 'utf8'), file);
    const scan = startScan({ settings, now: moment, namespace: 'default' });
    scan.add({ file: objects, text: await readFile(objects, 'utf8'), named: true });
    const inFile = toldInFile(scan.finish().findings);

    expect(inFile.findings).toEqual(cluster.findings);
    expect(cluster.findings[0]).toContain(`secret-env-ref ${REF} (${leadsTo})`);
    for (const { texts } of [cluster, inFile]) {
      const says = texts[0]?.includes(`the exception of team-shop ended with ${LAST_DAY} (UTC)`);
      expect(says).toBe(leadsTo === 'deny');
    }
  });
});
