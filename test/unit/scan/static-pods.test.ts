import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../src/config/load.ts';
import { startClusterScan } from '../../../src/scan/cluster.ts';
import type { ReportedFinding } from '../../../src/scan/report.ts';
import { reportOn } from '../../support/reports.ts';

const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const PODS = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  namespaced: true,
  isWorkload: true,
};

const NODE = { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'n', controller: true };
const spec = {
  nodeName: 'node-1',
  automountServiceAccountToken: true,
  containers: [{ name: 'agent', env: [{ name: 'GITHUB', value: TOKEN }] }],
};

/** The mirror of a static Pod, as the kubelet makes it. */
const mirror = (metadata: object = {}): object => ({
  metadata: {
    name: 'agent-node-1',
    namespace: 'kube-system',
    uid: 'u',
    annotations: { 'kubernetes.io/config.mirror': 'hash' },
    ownerReferences: [NODE],
    ...metadata,
  },
  spec,
});

function scanned(object: object): readonly ReportedFinding[] {
  const scan = startClusterScan({ settings: defaultSettings(), now: 0, context: 'prod' });
  scan.add(PODS, [{ apiVersion: 'v1', kind: 'Pod', ...object }]);
  return scan.finish().findings;
}
const told = (object: object): string[] =>
  scanned(object).map(({ policy, mode, path, node }) => `${mode} ${policy} ${path} ${node ?? '-'}`);

const LEAK = 'deny credential-in-env spec.containers[0].env[0].value';
const AUTOMOUNT = 'warn service-account-token-automount spec.automountServiceAccountToken';

describe('a finding on a static Pod', () => {
  it('is told with the node on which its manifest lies, and nothing is said of a token that it has not', () => {
    expect(told(mirror())).toEqual([`${LEAK} node-1`]);
    expect(scanned(mirror())[0]?.fix).toMatch(
      /; in the manifest of this static Pod on node node-1, since the API cannot change it$/,
    );
  });

  it('is told the same of what kubectl has written to a file', () => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...mirror() });
    const { findings } = reportOn({ 'pod.json': text });
    expect(findings.map(({ policy, node }) => [policy, node])).toEqual([
      ['credential-in-env', 'node-1'],
    ]);
  });

  it.each<readonly [string, object]>([
    ['another annotation', { annotations: { 'kubernetes.io/config.source': 'file' } }],
    ['no owner', { ownerReferences: [] }],
    ['another node', { ownerReferences: [{ ...NODE, name: 'node-2' }] }],
    ['another kind of owner', { ownerReferences: [{ ...NODE, kind: 'ReplicaSet' }] }],
    ['a kind of the same name', { ownerReferences: [{ ...NODE, apiVersion: 'example.com/v1' }] }],
    ['an owner that is no controller', { ownerReferences: [{ ...NODE, controller: false }] }],
    ['no uid, so that it is none of the API server', { uid: undefined }],
  ])('is told as of any Pod by what it has: %s', (_, metadata) => {
    expect(told(mirror(metadata))).toEqual([`${LEAK} -`, `${AUTOMOUNT} -`]);
  });
});
