import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../src/engine/subject.ts';
import type { PolicyRule } from '../../../src/rbac/rules.ts';
import { ESCALATION, grantsOf, POD_ACCESS, WAYS, WORKLOAD_CREATE } from '../../../src/rbac/ways.ts';

const role = subjectOf({ kind: 'Role' });
const clusterRole = subjectOf({ kind: 'ClusterRole' });
const RBAC = 'rbac.authorization.k8s.io';

const rule = (
  verb: string,
  group: string,
  resource: string,
  ...resourceNames: string[]
): PolicyRule => ({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames });

describe('grantsOf', () => {
  it('tells verbs and resource', () => {
    expect(grantsOf(rule('*', '', 'pods/exec'), POD_ACCESS, role)).toEqual([
      'create/get on pods/exec',
    ]);
  });

  it('finds every way in a wildcard of a ClusterRole', () => {
    expect(grantsOf(rule('*', '*', '*'), WAYS, clusterRole)).toHaveLength(WAYS.length);
  });

  it('leaves to a Role what is in a namespace', () => {
    const resources = ['persistentvolumes', 'nodes/proxy', 'users', 'groups', 'userextras/x'];
    for (const resource of resources) {
      expect(grantsOf(rule('*', '*', resource), WAYS, role)).toEqual([]);
      expect(grantsOf(rule('*', '*', resource), WAYS, clusterRole)).toHaveLength(1);
    }
  });

  it('lets an empty resourceName through where the request has no name, and only there', () => {
    expect(grantsOf(rule('create', '', 'pods', ''), WORKLOAD_CREATE, role)).toHaveLength(1);
    expect(grantsOf(rule('patch', '', 'pods', ''), WORKLOAD_CREATE, role)).toEqual([]);
    expect(grantsOf(rule('create', '', 'pods/exec', ''), POD_ACCESS, role)).toEqual([]);
  });

  it.each([
    ['bind', 'clusterroles', 'view', false],
    ['bind', 'clusterroles', 'edit', true],
    ['bind', 'clusterroles', 'system:node', true],
    ['bind', 'clusterroles', 'system:controller:namespace-controller', true],
    ['bind', 'clusterroles', 'system:auth-delegator', false],
    ['escalate', 'clusterroles', 'view', true],
  ])('takes %s on %s named %s for a way: %s', (verb, resource, name, isWay) => {
    expect(grantsOf(rule(verb, RBAC, resource, name), ESCALATION, clusterRole)).toHaveLength(
      isWay ? 1 : 0,
    );
  });

  it.each([
    ['system:masters', true],
    ['system:kube-controller-manager', true],
    ['kubeadm:cluster-admins', true],
    ['system:authenticated', false],
    ['system:unauthenticated', false],
    ['system:anonymous', false],
    ['system:serviceaccounts', false],
    ['system:serviceaccounts:a', false],
    ['system:serviceaccount:a:app', false],
    ['system:authenticated-admins', true],
    ['developers', false],
  ])('takes impersonation of %s for a way: %s', (name, isWay) => {
    const grants = grantsOf(rule('impersonate', '', 'groups', name), ESCALATION, clusterRole);

    expect(grants).toHaveLength(isWay ? 1 : 0);
  });

  it('takes the signers of Kubernetes for a way by name too', () => {
    const approve = (name: string): string[] =>
      grantsOf(rule('approve', 'certificates.k8s.io', 'signers', name), ESCALATION, clusterRole);

    expect(approve('kubernetes.io/kube-apiserver-client')).toEqual(['approve on signers']);
    expect(approve('example.com/app')).toEqual([]);
  });
});
