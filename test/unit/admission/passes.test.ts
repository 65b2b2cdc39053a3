import { describe, expect, it } from '@jest/globals';
import { isAggregation, isMadeFromTemplate } from '../../../src/admission/controllers.ts';
import { passFor } from '../../../src/admission/passes.ts';
import { parseReview, type AdmissionRequest } from '../../../src/admission/review.ts';
import { harmless, pod, reviewFor } from '../../support/reviews.ts';

const request = (object: unknown, given: object = {}): AdmissionRequest =>
  parseReview(reviewFor(object, given));
const update = (object: unknown, oldObject: unknown, given: object = {}): AdmissionRequest =>
  request(object, { operation: 'UPDATE', oldObject, ...given });

const GONE = { deletionTimestamp: '2026-11-24T00:00:00Z' };
const role = (metadata: object, verbs: readonly string[] = ['list']): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'lister', ...metadata },
  rules: [{ apiGroups: [''], resources: ['secrets'], verbs }],
});

describe('passes whatever the object holds', () => {
  it.each([
    [
      'delete',
      'a DELETE',
      request(null, { operation: 'DELETE', oldObject: pod(), kind: { kind: 'Pod' } }),
    ],
    ['subresource', 'a status', update(pod(), pod(), { subResource: 'status' })],
    [
      'subresource',
      'a scale',
      update({ kind: 'Scale', apiVersion: 'autoscaling/v1' }, null, { subResource: 'scale' }),
    ],
    [
      'metadata-only',
      'a finalizer that is removed',
      update(pod(), pod(undefined, { finalizers: ['x/y'] })),
    ],
    [
      'metadata-only',
      'owners, managers and versions',
      update(
        pod(undefined, {
          ownerReferences: [],
          managedFields: [{}],
          resourceVersion: '2',
          generation: 2,
        }),
        pod(),
      ),
    ],
    [
      'metadata-only',
      'any metadata of an object that is being deleted',
      update(pod(undefined, { ...GONE, labels: { a: 'b' } }), pod(undefined, GONE)),
    ],
    [
      'metadata-only',
      'a status beside it',
      update({ ...pod(), status: { phase: 'Failed' } }, pod()),
    ],
    [
      'metadata-only',
      'the finalizer of a role that is being deleted',
      update(role(GONE), role({ ...GONE, finalizers: ['x/y'] })),
    ],
  ] as const)('%s: %s', (pass, _, given) => {
    expect(passFor(given)).toBe(pass);
  });
});

describe('is judged', () => {
  it.each([
    ['a CREATE', request(pod())],
    ['a CONNECT', request(null, { operation: 'CONNECT', kind: { kind: 'PodExecOptions' } })],
    ['a label', update(pod(undefined, { labels: { a: 'b' } }), pod())],
    ['an annotation', update(pod(undefined, { annotations: { a: 'b' } }), pod())],
    ['a spec', update(pod(), pod({ containers: [harmless('app')] }))],
    ['a spec that is gone', update(pod(), { ...pod(), spec: undefined })],
    [
      'the spec of an object that is being deleted',
      update(pod(undefined, GONE), pod({ containers: [] }, GONE)),
    ],
    [
      'a deletionTimestamp of the new object only',
      update(pod(undefined, { ...GONE, labels: { a: 'b' } }), pod()),
    ],
    [
      'the rules of a role that is being deleted: it still grants',
      update(role(GONE), role(GONE, ['get'])),
    ],
    [
      'a label of a role that is being deleted: it may aggregate',
      update(
        role({ ...GONE, labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } }),
        role(GONE),
      ),
    ],
    ['an unknown subresource', update(pod({ containers: [] }), pod(), { subResource: 'brandnew' })],
    ['an UPDATE without the old object', update(pod(), null)],
    ['odd metadata', update({ ...pod(), metadata: 'x', spec: 1 }, pod())],
  ])('%s', (_, given) => {
    expect(passFor(given)).toBeUndefined();
  });
});

const by = (username: string, object: unknown = pod()): AdmissionRequest =>
  request(object, { userInfo: { username } });
const of = (apiVersion: string, kind: string): object => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
});

describe('what a controller makes from a template', () => {
  it.each([
    'system:serviceaccount:kube-system:cronjob-controller',
    'system:serviceaccount:kube-system:daemon-set-controller',
    'system:serviceaccount:kube-system:deployment-controller',
    'system:serviceaccount:kube-system:job-controller',
    'system:serviceaccount:kube-system:replicaset-controller',
    'system:serviceaccount:kube-system:replication-controller',
    'system:serviceaccount:kube-system:statefulset-controller',
    'system:kube-controller-manager',
  ])('is known by its user %s', (user) => {
    expect(isMadeFromTemplate(by(user))).toBe(true);
    expect(isMadeFromTemplate(by(user, of('apps/v1', 'ReplicaSet')))).toBe(true);
    expect(isMadeFromTemplate(by(user, of('batch/v1', 'Job')))).toBe(true);
    expect(isMadeFromTemplate(by(user, of('apps/v1', 'Deployment')))).toBe(false);
    expect(isMadeFromTemplate(by(user, of('example.com/v1', 'Pod')))).toBe(false);
  });

  it.each([
    'jane',
    'system:serviceaccount:default:replicaset-controller',
    'system:serviceaccount:kube-system:argo-rollouts-controller',
    'system:serviceaccount:kube-system:endpointslice-controller',
    'kube-system:replicaset-controller',
    'system:masters',
    '',
  ])('is not what %j makes, whatever its ownerReferences say', (user) => {
    const owned = pod(undefined, {
      ownerReferences: [{ kind: 'ReplicaSet', name: 'x', controller: true }],
    });

    expect(isMadeFromTemplate(by(user, owned))).toBe(false);
  });
});

describe('the rules of an aggregated ClusterRole', () => {
  const controller = 'system:serviceaccount:kube-system:clusterrole-aggregation-controller';

  it('are known by the user of their controller', () => {
    expect(isAggregation(by(controller, role({})))).toBe(true);
    expect(isAggregation(by('system:kube-controller-manager', role({})))).toBe(true);
    expect(isAggregation(by('jane', role({})))).toBe(false);
    expect(isAggregation(by(controller))).toBe(false);
    expect(isAggregation(by(controller, of('rbac.authorization.k8s.io/v1', 'Role')))).toBe(false);
  });
});
