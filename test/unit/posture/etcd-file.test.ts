// The file of etcd's --config-file, as a scan meets it: known by its name or its keys, since it has no kind.
import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../src/config/load.ts';
import { startScan, type ScanResult } from '../../../src/scan/scan.ts';

const URL = 'listen-client-urls: http://192.0.2.1:2379\n';

function scan(file: string, text: string, named = false): ScanResult {
  const now = Date.UTC(2026, 10, 24);
  const started = startScan({ settings: defaultSettings(), now, namespace: 'shop' });
  started.add({ file, text, named });
  return started.finish();
}

const told = ({ findings }: ScanResult): string[] =>
  findings.map(({ policy, mode, path, line }) => `${policy} ${mode} ${path}:${line}`);

describe("etcd's configuration file", () => {
  it.each(['etc/etcd/etcd.conf.yml', 'etcd-events.conf.yaml', 'members/a.yaml', 'etc/etcd.conf'])(
    'is judged as %s',
    (file) => {
      const result = scan(file, `name: a\n${URL}`, true);

      expect(told(result)).toEqual([
        'etcd-access deny client-transport-security.client-cert-auth:1',
        'etcd-access deny listen-client-urls:2',
      ]);
      expect(result.findings).toMatchObject([
        { kind: 'EtcdFile', name: file.replace(/.*\//, '') },
        { fix: 'write https:// in listen-client-urls, with a certificate and its key' },
      ]);
      expect([result.errors, result.notes]).toEqual([[], []]);
    },
  );

  it('is judged by its name alone, where it leaves all to the defaults', () => {
    expect(told(scan('etcd.conf.yml', 'name: a\ndata-dir: /x\n'))).toEqual([
      'etcd-access deny client-transport-security.cert-file:1',
      'etcd-access deny client-transport-security.client-cert-auth:1',
    ]);
  });

  it('may be JSON', () => {
    const text = '{\n "listen-peer-urls": "http://192.0.2.1:2380"\n}';

    expect(told(scan('a.json', text))).toContain('etcd-access deny listen-peer-urls:2');
  });

  it.each([
    ['client-transport-security:\n  client-cert-auth: "true"\n', 'client-cert-auth', 'boolean'],
    ['peer-transport-security:\n  cert-file: [a]\n', 'cert-file', 'string'],
  ])('that etcd does not start with is not judged: %j', (more, key, type) => {
    const { errors } = scan('etcd.conf.yml', URL + more + 'listen-peer-urls: https://a:2380\n');

    expect(errors).toMatchObject([{ reason: 'malformed', line: 3 }]);
    expect(errors[0]?.message).toMatch(new RegExp(`${key}: is .* where the API has a ${type}$`));
  });

  it.each([
    ['etcd.yaml', 'name: a\n'],
    ['values.yaml', 'etcd:\n  listen-client-urls: http://a:2379\n'],
    ['etcd.conf.yml', '- listen-client-urls\n'],
  ])('is not: %s %j', (file, text) => {
    const { findings, errors } = scan(file, text, true);

    expect(findings).toEqual([]);
    expect(errors).toMatchObject([{ reason: 'not-an-object' }]);
  });

  it('is none where a kind is given', () => {
    const { findings } = scan('etcd.conf.yml', `apiVersion: v1\nkind: ConfigMap\n${URL}`);

    expect(findings).toEqual([]);
  });
});
