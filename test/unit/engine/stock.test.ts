import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/config/load.ts';
import { judge, type Verdict } from '../../../src/engine/judge.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { rolesFrom } from '../../../src/rbac/roles.ts';

const RBAC = 'rbac.authorization.k8s.io';
const apiVersion = `${RBAC}/v1`;
const settings = loadConfiguration(
  'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\nprofile: strict\n',
  'strict.yaml',
);

function judged(object: object, roles: readonly object[] = [], old?: object): Verdict {
  const before = old === undefined ? {} : { old: subjectOf(old, { operation: 'UPDATE' }) };
  const subject = subjectOf(object, old === undefined ? {} : { operation: 'UPDATE' });
  return judge({ subject, ...before }, settings, { now: 0, roles: rolesFrom([...roles, object]) });
}
const told = (object: object, roles: readonly object[] = []): string[] =>
  judged(object, roles).findings.map(({ policy, path }) => `${policy} ${path}`);

const rule = (resources: string, verbs: string, apiGroups = '', more = {}): object => ({
  apiGroups: [apiGroups],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
  ...more,
});
const role = (name: string, rules: readonly object[], metadata = {}): object => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: { name, ...metadata },
  rules,
});

const COLLECTOR = 'system:controller:generic-garbage-collector';
const collecting = rule('*', 'get list watch patch update delete', '*');

describe('a role that Kubernetes makes itself', () => {
  it('gives no finding as it was made', () => {
    expect(told(role(COLLECTOR, [collecting]))).toEqual([]);
    expect(judged(role(COLLECTOR, [collecting])).stock.map(({ policy }) => policy)).toContain(
      'rbac-secrets-list-watch',
    );
  });

  it('gives none with less than that, so that nobody is kept from taking it away', () => {
    expect(told(role(COLLECTOR, [rule('*', 'get list', '*'), rule('secrets', 'get')]))).toEqual([]);
  });

  it('gives a finding for the rule that was changed by hand, and for it alone', () => {
    const changed = [collecting, rule('secrets', 'get list create')];
    expect(told(role(COLLECTOR, changed))).toContain('rbac-secrets-list-watch rules[1]');
    expect(told(role(COLLECTOR, changed)).join()).not.toContain('rules[0]');
    expect(told(role(COLLECTOR, [rule('*', '*', '*')]))).toEqual([
      'rbac-secrets-list-watch rules[0]',
    ]);
  });

  it('is known by its name, never by the label of bootstrapping', () => {
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
    expect(told(role('collector', [collecting], { labels }))).toEqual([
      'rbac-secrets-list-watch rules[0]',
    ]);
    const namesake = { ...role(COLLECTOR, [collecting], { namespace: 'shop' }), kind: 'Role' };
    expect(told(namesake)).toContain('rbac-secrets-list-watch rules[0]');
  });

  it('denies nothing when it is widened but what was widened', () => {
    const wider = role(COLLECTOR, [collecting, rule('secrets', 'create')]);
    const { findings } = judged(wider, [], role(COLLECTOR, [collecting]));
    expect(findings.map(({ path, mode }) => [path, mode])).toEqual([['rules[1]', 'deny']]);
  });

  it('bound by its resourceNames may not name more', () => {
    const approver = (...resourceNames: string[]): object =>
      role('system:certificates.k8s.io:kubelet-serving-approver', [
        rule('signers', 'approve', 'certificates.k8s.io', { resourceNames }),
      ]);
    expect(told(approver('kubernetes.io/kubelet-serving'))).toEqual([]);
    expect(
      told(approver('kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client')),
    ).toEqual(['rbac-escalation rules[0]']);
    expect(told(approver())).toEqual(['rbac-escalation rules[0]']);
  });
});

describe('a role that Kubernetes aggregates', () => {
  const label = `${RBAC}/aggregate-to-edit`;
  const path = `rbac-aggregation metadata.labels[${label}]`;
  const labels = { [label]: 'true' };
  const reading = rule('secrets', 'get list watch');

  it('gives no finding for its label as it was made', () => {
    expect(told(role('system:aggregate-to-edit', [reading], { labels }))).toEqual([]);
    expect(told(role('mine', [reading], { labels }))).toContain(path);
  });

  it('gives one when it grants more on Secrets, and for another label', () => {
    const all = rule('secrets', '*');
    expect(told(role('system:aggregate-to-edit', [all], { labels }))).toContain(path);
    const view = { [`${RBAC}/aggregate-to-view`]: 'true' };
    expect(told(role('system:aggregate-to-edit', [reading], { labels: view }))).toEqual([
      `rbac-aggregation metadata.labels[${RBAC}/aggregate-to-view]`,
    ]);
  });

  it('leaves what others add to edit to be told at those', () => {
    const edit = role('edit', [reading], { labels: { [`${RBAC}/aggregate-to-admin`]: 'true' } });
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: labels }] };
    const other = role('mine', [rule('secrets', '*')], { labels });
    expect(told({ ...edit, aggregationRule }, [other])).toEqual([]);
  });
});

describe('a binding that Kubernetes makes itself', () => {
  const binding = (name: string, subjects: readonly object[], roleName = name): object => ({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: roleName },
    subjects,
  });
  const masters = { kind: 'Group', name: 'system:masters' };
  const account = { kind: 'ServiceAccount', namespace: 'kube-system', name: COLLECTOR.slice(18) };

  it('gives no finding for the subject that it was made with', () => {
    expect(told(binding('cluster-admin', [masters]))).toEqual([]);
    expect(told(binding(COLLECTOR, [account]), [role(COLLECTOR, [collecting])])).toEqual([]);
  });

  it('gives one for a subject that was added, another role or another name', () => {
    const jane = { kind: 'User', name: 'jane' };
    expect(told(binding('cluster-admin', [masters, jane]))).toEqual([
      'rbac-secrets-cluster-wide subjects[1]',
    ]);
    expect(told(binding('admins', [masters], 'cluster-admin'))).toHaveLength(1);
    expect(told(binding(COLLECTOR, [account], 'cluster-admin'))).toHaveLength(1);
  });

  it('gives one when its role was widened by hand', () => {
    const wider = role(COLLECTOR, [collecting, rule('secrets', 'create get')]);
    expect(told(binding(COLLECTOR, [account]), [wider])).toEqual([
      'rbac-secrets-cluster-wide subjects[0]',
    ]);
  });

  const CLUSTER_INFO = 'kubeadm:bootstrap-signer-clusterinfo';
  const named = (...resourceNames: string[]): object =>
    rule('configmaps', 'get', '', { resourceNames });

  it.each([
    ['the one ConfigMap', [named('cluster-info')], true],
    ['URLs', [{ verbs: ['get'], nonResourceURLs: ['/version'] }], true],
    ['every ConfigMap', [rule('configmaps', 'get')], false],
    ['another ConfigMap', [named('cluster-info', 'other')], false],
    [
      'writing it',
      [rule('configmaps', 'get update', '', { resourceNames: ['cluster-info'] })],
      false,
    ],
    ['a Secret too', [named('cluster-info'), rule('secrets', 'get')], false],
  ])('of an anonymous subject is by every rule of the role: %s', (_, rules, isStock) => {
    const metadata = { name: CLUSTER_INFO, namespace: 'kube-public' };
    const subjects = [{ kind: 'User', name: 'system:anonymous' }];
    const roleRef = { apiGroup: RBAC, kind: 'Role', name: CLUSTER_INFO };
    const object = { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects };
    const found = told(object, [{ apiVersion, kind: 'Role', metadata, rules }]);
    expect(found).toEqual(isStock ? [] : ['rbac-broad-subject subjects[0]']);
    const elsewhere = { ...object, metadata: { ...metadata, namespace: 'default' } };
    expect(told(elsewhere)).toEqual(['rbac-broad-subject subjects[0]']);
  });
});

describe('a workload that kubeadm installs', () => {
  const AUTOMOUNT =
    'service-account-token-automount spec.template.spec.automountServiceAccountToken';
  const coredns = (image: string, args: readonly string[], more = {}): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    spec: {
      template: {
        spec: {
          serviceAccountName: 'coredns',
          containers: [{ name: 'coredns', image, args }],
          ...more,
        },
      },
    },
  });
  const ARGS = ['-conf', '/etc/coredns/Corefile'];

  it.each([
    ['as it was made', coredns('registry.k8s.io/coredns/coredns:v1.12.1', ARGS), []],
    ['from a mirror', coredns('mirror.local:5000/coredns@sha256:0', ARGS), []],
    ['with other arguments', coredns('registry.k8s.io/coredns/coredns:v1', ['-v']), [AUTOMOUNT]],
    ['with another image', coredns('example.com/shell:v1', ARGS), [AUTOMOUNT]],
    [
      'with another container',
      coredns('coredns', ARGS, { initContainers: [{ name: 'a', image: 'a' }] }),
      [AUTOMOUNT],
    ],
  ])('needs its token: %s', (_, object, paths) => {
    expect(told(object)).toEqual(paths);
  });

  it('gives every other finding', () => {
    const template = coredns('coredns', ARGS, {
      volumes: [{ name: 's', secret: { secretName: 's', defaultMode: 0o644 } }],
    });
    expect(told(template)).toEqual([
      'secret-volume-mode spec.template.spec.volumes[0].secret.defaultMode',
    ]);
  });
});
