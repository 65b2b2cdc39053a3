// The posture policies as `hushgate scan` runs them: in files, with the line of each finding, and nowhere else.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { webhookRules } from '../../../src/admission/rules.ts';
import { defaultSettings, loadConfiguration } from '../../../src/config/load.ts';
import { judge } from '../../../src/engine/judge.ts';
import { isForAdmission, PROFILES } from '../../../src/engine/policy.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import type { ReportedFinding } from '../../../src/scan/report.ts';
import { startScan, type ScanResult, type SourceText } from '../../../src/scan/scan.ts';
import { fixturesOf, strictSettings } from '../../support/fixtures.ts';

const posture = catalogue.filter(({ meta }) => !isForAdmission(meta));
const ids = new Set(posture.map(({ meta }) => meta.id));
const NOW = Date.UTC(2026, 10, 24);
const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';

function scan(
  text: string,
  more: Partial<SourceText> = {},
  settings: Settings = defaultSettings(),
): ScanResult {
  const started = startScan({ settings, now: NOW, namespace: 'shop' });
  started.add({ file: 'host/a.yaml', text, named: false, ...more });
  return started.finish();
}

const own = ({ findings }: ScanResult): readonly ReportedFinding[] =>
  findings.filter(({ policy }) => ids.has(policy));

const told = (result: ScanResult): string[] =>
  own(result).map(({ policy, mode, path, line }) => `${policy} ${mode} ${path}:${line}`);

const fixture = (path: string): string => readFileSync(`test/policies/${path}`, 'utf8');

it('are the five of the files, in deny but where a repository may be meant for it', () => {
  expect([...ids].sort()).toEqual([
    'audit-policy',
    'encryption-at-rest',
    'etcd-access',
    'network-isolation',
    'secret-in-git',
  ]);
  const text = `${fixture('secret-in-git/fail/article.yaml')}---\n${fixture('audit-policy/fail/no-rules.yaml')}`;
  const modes = PROFILES.map((profile) => {
    const settings = loadConfiguration(`${HEAD}profile: ${profile}\n`, 'c');
    return own(scan(text, {}, settings)).map(({ policy, mode }) => `${policy} ${mode}`);
  });
  expect(modes).toEqual([
    ['secret-in-git audit', 'network-isolation audit', 'audit-policy deny'],
    ['secret-in-git warn', 'network-isolation warn', 'audit-policy deny'],
    ['secret-in-git deny', 'network-isolation deny', 'audit-policy deny'],
  ]);
});

describe.each([...ids])('the fixtures of %s in a scan', (id) => {
  it.each(fixturesOf(id).map((each) => [each.file, each] as const))('%s', (file, each) => {
    const text = readFileSync(file, 'utf8');
    const { findings, errors } = scan(text, { file, named: true }, strictSettings(each));
    const found = findings.filter(({ policy }) => policy === id);

    expect(found.map(({ path }) => path)).toEqual(each.expected.map(({ path }) => path));
    const lines = text.split('\n');
    for (const { line, path } of found) {
      // The line of the field, or of the closest that is there: never a comment.
      expect(lines[line - 1]).toMatch(/^[^#]/);
      const key = /(?:^|\.)([\w-]+)$/.exec(path)?.[1] ?? '';
      if (text.includes(`\n${key}=`)) expect(lines[line - 1]).toContain(key);
    }
    expect(errors.map(({ reason }) => reason)).toEqual(each.notJudged.map(() => 'unknown'));
  });
});

describe('the articles', () => {
  it.each([
    [
      'encryption-at-rest/fail/aescbc-before-identity.yaml',
      [
        'encryption-at-rest deny resources[0].providers[0].aescbc:10',
        'encryption-at-rest audit resources[0].providers[1].identity:14',
      ],
    ],
    [
      'encryption-at-rest/fail/kms-v1-in-tmp.yaml',
      [
        'encryption-at-rest deny resources[0].providers[0].kms.apiVersion:10',
        'encryption-at-rest deny resources[0].providers[0].kms.endpoint:12',
      ],
    ],
    ['etcd-access/pass/environment.env', []],
    ['audit-policy/pass/article.yaml', []],
    ['audit-policy/pass/kubernetes-sample.yaml', []],
    [
      'secret-in-git/fail/article.yaml',
      ['secret-in-git warn stringData:7', 'network-isolation warn metadata.namespace:5'],
    ],
    ['secret-in-git/pass/placeholders.yaml', ['network-isolation warn metadata.namespace:6']],
  ])('%s', (path, expected) => {
    expect(told(scan(fixture(path), { file: basename(path), named: true }))).toEqual(expected);
  });
});

describe('a posture policy', () => {
  it('has no say in admission, nor over what a cluster holds', () => {
    const settings = loadConfiguration(`${HEAD}profile: strict\n`, 'c');
    for (const { meta } of posture) {
      for (const { documents } of fixturesOf(meta.id)) {
        for (const document of documents) {
          const { findings, unjudged } = judge({ subject: subjectOf(document) }, settings, {
            now: NOW,
          });
          expect([...findings, ...unjudged].filter(({ policy }) => ids.has(policy))).toEqual([]);
        }
      }
    }
    expect(webhookRules(posture, [{ group: 'argoproj.io', resource: 'rollouts' }])).toEqual([]);
  });

  it('takes a mode and an exception, by the name of the file where the kind has none', () => {
    const text = fixture('encryption-at-rest/fail/identity-alone.yaml');
    const off = loadConfiguration(`${HEAD}policies: {encryption-at-rest: {mode: warn}}\n`, 'c');
    const exception = (name: string): Settings =>
      loadConfiguration(
        `${HEAD}exceptions: [{policies: [encryption-at-rest], kind: EncryptionConfiguration, name: ${name}, paths: ['*'], owner: o, reason: r, expires: 2026-12-01}]\n`,
        'c',
      );

    expect(own(scan(text, {}, off)).map(({ mode }) => mode)).toEqual(['warn']);
    expect(own(scan(text, {}, exception('a.yaml')))).toMatchObject([
      { mode: 'audit', excuse: 'exception', name: 'a.yaml', namespace: '' },
    ]);
    expect(own(scan(text, {}, exception('b.yaml')))).toMatchObject([{ mode: 'deny' }]);
  });

  it('knows a finding again when its file moves, and not when its key is another', () => {
    const text = fixture('encryption-at-rest/fail/keys-in-file.yaml');
    const prints = (changed: string, file = 'host/a.yaml'): string[] =>
      own(scan(changed, { file })).map(({ fingerprint }) => fingerprint);

    expect(prints(text, 'elsewhere/a.yaml')).toEqual(prints(text));
    expect(prints(text.replace('name: long', 'name: other'))).not.toEqual(prints(text));
    expect(prints(text.replace(/secret: AA/g, 'secret: AB'))).toEqual(prints(text));
  });
});

describe('a kind that its group does not have', () => {
  it.each([
    ['apiserver.config.k8s.io/v1', 'EncryptionConfig'],
    ['audit.k8s.io/v1beta1', 'AuditPolicy'],
    ['kubeadm.k8s.io/v1beta4', 'MasterConfiguration'],
  ])('%s %s is told, since it would pass for clean', (apiVersion, kind) => {
    const { notes, findings } = scan(`apiVersion: ${apiVersion}\n# a word\nkind: ${kind}\n`);

    expect(findings).toEqual([]);
    expect(notes).toMatchObject([{ line: 3, message: expect.stringContaining('not judged') }]);
  });

  it.each([
    ['apiserver.config.k8s.io/v1', 'AuthorizationConfiguration'],
    ['audit.k8s.io/v1', 'Event'],
    ['kubelet.config.k8s.io/v1beta1', 'KubeletConfiguration'],
  ])('%s %s is left to others without a word', (apiVersion, kind) => {
    expect(scan(`apiVersion: ${apiVersion}\nkind: ${kind}\n`).notes).toEqual([]);
  });
});

describe('secret-in-git', () => {
  it('judges files alone, not what Helm or Kustomize wrote', () => {
    const text = fixture('secret-in-git/fail/article.yaml');

    expect(told(scan(text, { stream: true }))).toEqual([
      'network-isolation warn metadata.namespace:5',
    ]);
  });
});

describe('network-isolation', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\n';
  const deny =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: d, namespace: shop}\nspec: {podSelector: {}}\n';
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
  const found = (texts: readonly string[], settings = defaultSettings()): ReportedFinding[] => {
    const started = startScan({ settings, now: NOW, namespace: 'default' });
    for (const [index, text] of texts.entries())
      started.add({ file: `${index}.yaml`, text, named: false });
    return started.finish().findings.filter(({ policy }) => policy === 'network-isolation');
  };
  const across = (...texts: readonly string[]): string[] =>
    found(texts).map(({ file, kind }) => `${file} ${kind}`);

  it('looks at the whole input, in whatever order its files come', () => {
    expect(across(secret, secret)).toEqual(['0.yaml Secret']);
    expect(across(secret, namespace, secret)).toEqual(['1.yaml Namespace']);
    expect(across(secret, deny)).toEqual([]);
    expect(across(deny, secret)).toEqual([]);
    expect(across(namespace)).toEqual([]);
  });

  it.each(['Namespace', 'Secret'])('takes the mode of the namespace, told at its %s', (kind) => {
    const texts = kind === 'Namespace' ? [secret, namespace] : [secret];
    const mode = (match: string): unknown[] => {
      const entry = `namespaces: [{match: [${match}], policies: {network-isolation: deny}}]\n`;
      const findings = found(texts, loadConfiguration(HEAD + entry, 'c'));
      return findings.map((finding) => `${finding.kind} ${finding.mode}`);
    };

    expect(mode('shop')).toEqual([`${kind} deny`]);
    expect(mode('till')).toEqual([`${kind} warn`]);
  });

  it('says that it is not judged where nobody knows the input', () => {
    const policy = posture.find(({ meta }) => meta.id === 'network-isolation');
    const subject = subjectOf({ apiVersion: 'v1', kind: 'Secret' }, { origin: 'file' });

    expect([...(policy?.check(subject, {}, { now: NOW }) ?? [])]).toMatchObject([
      { unknown: 'namespaces' },
    ]);
  });
});
