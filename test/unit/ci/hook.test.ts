import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { inputsOf } from '../../../src/scan/files.ts';

const READ = [
  '.kube/config',
  'a.yaml',
  'deploy/b.yml',
  'deploy/c.json',
  'deploy/kubeconfig',
  'dev-kubeconfig_1',
  'etc/default/etcd',
  'etc/etcd.conf',
  'etc/sysconfig/etcd',
  'etcd-events.env',
  'etcd.conf.yml',
  'etcd.env',
  'kubeconfig-prod',
  'prod.kubeconfig',
];
const NOT_READ = [
  '.env',
  'README.md',
  'app.env',
  'chart/templates/_helpers.tpl',
  'config',
  'etcd',
  'kube/config',
  'kubeconfig.go',
  'main.go',
  'netcd.env',
  'site.conf',
  'values.yaml.gotmpl',
  'yaml',
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-hook-'));
  for (const name of [...READ, ...NOT_READ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), 'kind: Config\n');
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What pre-commit runs the hook for. */
function hookFiles(): RegExp {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as { files: string }[];
  return new RegExp(hook?.files ?? '');
}

describe('the pre-commit hook', () => {
  it('runs for the files that a scan of the folder reads, and for no others', async () => {
    const read: string[] = [];
    for await (const input of inputsOf([folder], true, Readable.from([]))) {
      if (input.type === 'source') read.push(relative(folder, input.source.file));
    }
    const pattern = hookFiles();

    expect(read.sort()).toEqual(READ);
    expect([...READ, ...NOT_READ].filter((name) => pattern.test(name))).toEqual(READ);
  });
});
