// From the chart before this one (until one is released, a copy of an early state) without a lost request.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { install, NAMESPACE, providedTls, RELEASE, reset, type Values } from './support/chart.ts';
import { startLoad, summary } from './support/load.ts';
import { makeNamespace, untilProbe } from './support/objects.ts';
import { kubectl, run } from './support/shell.ts';

jest.setTimeout(300_000);

const TEAM = 'e2e-upgrade';
const PREVIOUS = 'e2e/testdata/hushgate-0.0.9.tgz';
let values: Values;

beforeAll(async () => {
  await reset();
  await makeNamespace(TEAM);
  values = { ...(await providedTls()), webhook: { failurePolicy: 'Fail' } };
  await install(values, PREVIOUS);
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', TEAM, '--wait=false');
  await reset();
});

it('goes on answering while it is upgraded', async () => {
  const load = startLoad(TEAM);
  await install({ ...values, podAnnotations: { test: 'upgrade' } });
  await untilProbe(TEAM, /^403 .*secret-env-ref/s);
  const result = await load.finish(400);
  process.stderr.write(`upgrade: ${summary(result)}\n`);
  expect([...result.reasons]).toEqual([]);

  const { stdout } = await run('helm', ['list', '-n', NAMESPACE, '-o', 'json']);
  const [release] = JSON.parse(stdout) as { readonly name: string; readonly chart: string }[];
  expect(release?.name).toBe(RELEASE);
  expect(release?.chart).not.toBe('hushgate-0.0.9');
});
