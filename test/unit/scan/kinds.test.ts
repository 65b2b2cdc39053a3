import { describe, expect, it } from '@jest/globals';
import { parseResource } from '../../../src/cluster/discovery.ts';
import { defaultSettings, loadConfiguration } from '../../../src/config/load.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { kindText, policiesOnSecrets, wantedKinds } from '../../../src/scan/kinds.ts';

const ROLLOUTS = { group: 'argoproj.io', resource: 'rollouts' };
const kinds = (settings: Settings, includeSecrets = false): string[] =>
  wantedKinds(settings, [ROLLOUTS], includeSecrets).map(kindText);
const configured = (text: string): Settings =>
  loadConfiguration(
    `apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n${text}`,
    'c.yaml',
  );

describe('the kinds that a scan lists', () => {
  it('has roles before bindings, and owners before what they own', () => {
    const order = [
      'clusterroles.rbac.authorization.k8s.io',
      'roles.rbac.authorization.k8s.io',
      'rolebindings.rbac.authorization.k8s.io',
      'rollouts.argoproj.io',
      'deployments.apps',
      'replicasets.apps',
      'jobs.batch',
      'pods',
      'configmaps',
    ];
    expect(kinds(defaultSettings()).filter((kind) => order.includes(kind))).toEqual(order);
  });

  it('has each once, and none that only files have', () => {
    const all = kinds(defaultSettings(), true);
    expect(new Set(all).size).toBe(all.length);
    expect(
      all.filter((kind) => /audit\.k8s\.io|networkpolicies|config\.k8s\.io/.test(kind)),
    ).toEqual([]);
  });

  it('has Secrets when they are asked for alone', () => {
    expect(kinds(defaultSettings())).not.toContain('secrets');
    expect(kinds(defaultSettings(), true)).toContain('secrets');
    expect(policiesOnSecrets(defaultSettings())).toContain('secret-content');
    expect(policiesOnSecrets(defaultSettings())).not.toContain('secret-in-git');
  });

  it('leaves out what no policy with a mode looks at, in no namespace', () => {
    const off = 'policies: {configmap-credential: {mode: off}}\n';
    expect(kinds(configured(off))).not.toContain('configmaps');
    const on = 'namespaces: [{match: [a], policies: {configmap-credential: warn}}]\n';
    expect(kinds(configured(off + on))).toContain('configmaps');
  });
});

describe('a custom kind on the command line', () => {
  it.each([
    ['rollouts.argoproj.io', ROLLOUTS],
    ['argoproj.io/rollouts', ROLLOUTS],
    ['rollouts', undefined],
    ['../x', undefined],
    ['', undefined],
  ])('%s', (text, kind) => {
    expect(parseResource(text)).toEqual(kind);
  });
});
