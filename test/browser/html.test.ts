import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { render } from '../../src/report/format.ts';
import { CONTEXT, reportOn } from '../support/reports.ts';
import { startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';

const HOSTILE = `<script>document.title='pwned'</script><img src=https://example.com/x.png onerror=document.title='pwned'>"'\\u202e\\e[31m`;
const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1';
const FILES = {
  [`a"><script>document.title='pwned'</script>\u202e.yaml`]: `apiVersion: v1
kind: Pod
metadata: {name: "${HOSTILE.replaceAll('"', '\\"')}"}
spec:
  containers:
  - name: "</td><style>*{display:none}</style>"
    env:
    - {name: P, valueFrom: {secretKeyRef: {name: "x' onmouseover='y", key: p}}}
`,
  'web.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    env:
    - {name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}
`,
  'rbac.yaml': `${RBAC}
kind: ClusterRoleBinding
metadata: {name: everybody}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: Group, name: "system:authenticated"}
- {kind: User, name: "<script>document.title='pwned'</script>\\u202e"}
---
${RBAC}
kind: RoleBinding
metadata: {name: auditors}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone}
subjects: [{kind: User, name: jane}]
`,
  'broken.yaml': 'a: [',
  'twice.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, name: c}\n',
};
const report = reportOn(FILES);

let browser: Browser;
let folder: string;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-html-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, render('html', report, CONTEXT));
  url = pathToFileURL(file).href;
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** Whatever the page asked for but itself, and whatever it complained of. */
  readonly complaints: readonly string[];
  readonly count: (table: string) => Promise<string | null>;
  readonly visibleRows: () => Promise<number>;
}

async function open(options: BrowserContextOptions = {}): Promise<Opened> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  await page.goto(url);
  return {
    page,
    complaints,
    count: (table) => page.locator(`form[data-table=${table}] output`).textContent(),
    visibleRows: () => page.locator('#findings-table tr[data-item]:visible').count(),
  };
}

const all = report.findings.length;
const having = (key: 'mode' | 'severity' | 'policy', value: string): number =>
  report.findings.filter((finding) => finding[key] === value).length;

describe.each(['light', 'dark'] as const)('the HTML report in %s', (colorScheme) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open({ colorScheme });
  }, 60_000);
  afterAll(() => opened.page.close());

  it('asks for nothing, complains of nothing, and runs nothing from the input', async () => {
    await opened.page.mouse.wheel(0, 5000);

    expect(opened.complaints).toEqual([]);
    expect(await opened.page.title()).toMatch(/^Hushgate: \d+ findings to fix/);
    expect(await opened.page.locator('img, iframe, link, object').count()).toBe(0);
    expect(await opened.page.locator('script').count()).toBe(1);
  });

  it('is in the colours of the reader', async () => {
    const background = await opened.page.evaluate(
      'getComputedStyle(document.body).backgroundColor',
    );

    expect(background).toBe(colorScheme === 'dark' ? 'rgb(15, 18, 24)' : 'rgb(245, 246, 248)');
  });

  it('passes axe: names, roles, contrast', async () => {
    await opened.page.evaluate(axe.source);
    const violations = await opened.page.evaluate(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join(' ')))`,
    );

    expect(violations).toEqual([]);
  }, 60_000);
});

describe('the filter of the findings', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  }, 60_000);
  afterAll(() => opened.page.close());

  it.each([
    ['mode', 'deny'],
    ['severity', 'high'],
    ['policy', 'secret-env-ref'],
  ] as const)('by %s %s shows those alone, and says how many', async (key, value) => {
    await opened.page.getByRole('button', { name: 'Show all' }).first().click();
    await opened.page.selectOption(`#findings select[name=${key}]`, value);

    expect(having(key, value)).toBeLessThan(all);
    expect(await opened.visibleRows()).toBe(having(key, value));
    expect(await opened.count('findings-table')).toBe(`${having(key, value)} of ${all} findings`);
  });

  it('by text takes every word, in whatever case, and shows all again', async () => {
    await opened.page.getByRole('button', { name: 'Show all' }).first().click();
    await opened.page.locator('#findings input').fill('WEB.yaml  secret-env-ref');

    expect(await opened.visibleRows()).toBe(1);
    await opened.page.locator('#findings input').fill('no such thing');
    expect(await opened.count('findings-table')).toBe(`0 of ${all} findings`);
    await opened.page.getByRole('button', { name: 'Show all' }).first().click();
    // A form is empty only behind its reset event, so the page looks again a moment later.
    await eventually('the filter is empty', async () => (await opened.visibleRows()) > 0);
    expect(await opened.visibleRows()).toBe(all);
  });

  it('is reached and used with the keyboard alone, and tells a screen reader', async () => {
    await opened.page.reload();
    await opened.page.keyboard.press('Tab');
    expect(await opened.page.locator(':focus').textContent()).toBe('To the findings');
    await opened.page.keyboard.press('Enter');
    await opened.page.keyboard.press('Tab');
    await opened.page.keyboard.type('secret-env-ref');

    expect(await opened.visibleRows()).toBe(2);
    expect(await opened.page.locator('#findings output').getAttribute('aria-live')).toBe('polite');
  });

  it('of the subjects leaves their rows together', async () => {
    await opened.page.locator('#access input').fill('system:authenticated');

    expect(await opened.count('access-table')).toBe('1 of 3 subjects');
    expect(await opened.page.locator('#access-table tbody:visible').innerText()).toContain(
      'cluster-admin (built in)',
    );
  });
});

it('without script is a page of plain tables, with all that was found', async () => {
  const { page, visibleRows } = await open({ javaScriptEnabled: false });

  expect(await visibleRows()).toBe(all);
  expect(await page.locator('form:visible').count()).toBe(0);
  await page.close();
});

it('says what is not known, what was not judged, and what is worth a note', async () => {
  const { page } = await open();
  const text = await page.locator('main').innerText();

  expect(text).toContain('not known: Role gone is not in the input');
  expect(text).toContain('broken.yaml:');
  expect(text).toContain('this key stands twice in its map');
  await page.close();
});

it('prints light, without controls, whatever the reader has', async () => {
  const { page } = await open({ colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

  expect(await page.locator('form:visible').count()).toBe(0);
  expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(27, 33, 48)');
  await page.close();
});
