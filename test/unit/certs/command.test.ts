import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hushgate-'));
  await writeFile(join(folder, 'broken'), 'CANARY: [');
});
afterAll(() => rm(folder, { recursive: true }));

/** What the command line ends with, without a cluster; stderr alone. */
function hushgate(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stderr: string }> {
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, NO_COLOR: '1', ...variables };
  return new Promise((resolve) => {
    const words = [join(process.cwd(), 'src/bin/hushgate.ts'), ...args];
    execFile(process.execPath, words, { env, timeout: 60_000 }, (error, _stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      resolve({ code, stderr });
    });
  });
}

const NO_CLUSTER = /^hushgate: no cluster: /;
const SELF = ['serve', '--tls-self', '--tls-secret=a/b', '--tls-lease=a/c', '--webhook-name=w'];

describe('serve --tls-self', () => {
  it.each([
    [['serve', '--tls-self'], /needs --tls-secret, --tls-lease and --webhook-name/],
    [SELF, /needs --service-dns/],
    [['serve', '--tls-secret', 'name'], /It is <namespace>\/<name>/],
    [['serve', '--tls-life', '90'], /It is a duration from 30s to 3650d/],
    [['serve', '--tls-life', '29s'], /It is a duration from 30s to 3650d/],
    [[...SELF, '--service-dns=a.b.svc,a.b'], NO_CLUSTER],
    [[...SELF, '--service-dns', 'a.b.svc', 'a.b', '--context', 'none'], /no context "none"/],
    [[...SELF, '--service-dns=a', '--kubeconfig', 'none'], /cannot read none: ENOENT/],
  ])('%j is a mistake of usage, told', async (args, told) => {
    const { code, stderr } = await hushgate(args);

    expect([code, stderr]).toEqual([2, expect.stringMatching(told)]);
  });

  it('takes its settings from the environment, where false is off', async () => {
    const variables = {
      HUSHGATE_TLS_SELF: 'true',
      HUSHGATE_TLS_SECRET: 'a/b',
      HUSHGATE_TLS_LEASE: 'a/c',
      HUSHGATE_TLS_LIFE: '12h',
      HUSHGATE_WEBHOOK_NAME: 'w',
      HUSHGATE_SERVICE_DNS: 'a.b.svc, a.b',
    };
    const off = { ...variables, HUSHGATE_TLS_SELF: 'false' };

    expect((await hushgate(['serve'], variables)).stderr).toMatch(NO_CLUSTER);
    const named = await hushgate(['serve', '--tls-cert=none'], off);
    expect(named.stderr).toContain('--tls-cert none: does not exist');
  });
});

describe('webhook remove', () => {
  it('needs a name, and a cluster', async () => {
    expect(await hushgate(['webhook', 'remove'])).toMatchObject({ code: 2 });
    expect(await hushgate(['webhook', 'remove', '--name=w'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(NO_CLUSTER),
    });
  });

  it('shows nothing of a kubeconfig file that it cannot read', async () => {
    const args = ['webhook', 'remove', '--name=w', '--kubeconfig', join(folder, 'broken')];
    const { code, stderr } = await hushgate(args);

    expect(code).toBe(2);
    expect(stderr).toMatch(/broken: no kubeconfig file/);
    expect(stderr).not.toContain('CANARY');
  });
});
