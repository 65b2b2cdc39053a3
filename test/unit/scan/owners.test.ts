import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../src/config/load.ts';
import { judge } from '../../../src/engine/judge.ts';
import { subjectOf, type Subject } from '../../../src/engine/subject.ts';
import { startOwners, type Owners } from '../../../src/scan/owners.ts';

const settings = defaultSettings();

const spec = (secret: string, name = 'app'): object => ({
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true },
  containers: [
    { name, env: [{ name: 'P', valueFrom: { secretKeyRef: { name: secret, key: 'p' } } }] },
  ],
});

interface Meta {
  readonly uid?: string;
  readonly owner?: string;
  readonly namespace?: string;
  readonly controller?: boolean;
}

const meta = (
  name: string,
  { uid, owner, namespace = 'shop', controller = true }: Meta,
): object => ({
  ...{ name, namespace, uid },
  ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner, controller }] }),
});
const pod = (pods: object, more: Meta = {}): Subject =>
  subjectOf({ apiVersion: 'v1', kind: 'Pod', metadata: meta('pod', more), spec: pods });
const holding = (kind: string, apiVersion: string, template: object, more: Meta): Subject =>
  subjectOf({ apiVersion, kind, metadata: meta(kind.toLowerCase(), more), spec: template });
const deployment = (pods: object, more: Meta = { uid: 'd' }): Subject =>
  holding('Deployment', 'apps/v1', { template: { spec: pods } }, more);
const replicaSet = (pods: object, more: Meta, replicas = 1): Subject =>
  holding('ReplicaSet', 'apps/v1', { replicas, template: { spec: pods } }, more);

function told(owners: Owners, subject: Subject): number {
  const { findings, stock } = judge({ subject }, settings, { now: 0 });
  return owners.add(subject, findings, stock).filter(({ policy }) => policy === 'secret-env-ref')
    .length;
}

/** How many findings are told at each, one after the other. */
const toldAt = (...subjects: readonly Subject[]): number[] => {
  const owners = startOwners();
  return subjects.map((subject) => told(owners, subject));
};

describe('what is told at an owner', () => {
  it('is not told again at what it owns, over any number of steps', () => {
    expect(
      toldAt(
        deployment(spec('db')),
        replicaSet(spec('db'), { uid: 'r', owner: 'd' }),
        pod(spec('db'), { owner: 'r' }),
      ),
    ).toEqual([1, 0, 0]);
  });

  it('is the same place in a template that stands deeper', () => {
    const jobTemplate = { spec: { template: { spec: spec('db') } } };
    const cron = holding('CronJob', 'batch/v1', { jobTemplate }, { uid: 'c' });
    const job = holding('Job', 'batch/v1', jobTemplate.spec, { uid: 'j', owner: 'c' });
    expect(toldAt(cron, job, pod(spec('db'), { owner: 'j' }))).toEqual([1, 0, 0]);
  });

  it('is found by structure in a custom kind', () => {
    const template = { template: { spec: spec('db') } };
    const rollout = holding('Rollout', 'argoproj.io/v1alpha1', template, { uid: 'o' });
    expect(toldAt(rollout, replicaSet(spec('db'), { uid: 'r', owner: 'o' }))).toEqual([1, 0]);
  });

  it('is told at the ReplicaSet that still runs, where the Deployment was put right', () => {
    const right = { ...spec('db'), containers: [] };
    expect(
      toldAt(
        deployment(right),
        replicaSet(spec('db'), { uid: 'r', owner: 'd' }),
        pod(spec('db'), { owner: 'r' }),
      ),
    ).toEqual([0, 1, 0]);
  });
});

describe('a finding is told where it is', () => {
  it.each([
    ['another Secret', pod(spec('other'), { owner: 'd' })],
    ['another container', pod(spec('db', 'side'), { owner: 'd' })],
    ['an owner that is not there', pod(spec('db'), { owner: 'x' })],
    ['an owner in another namespace', pod(spec('db'), { owner: 'd', namespace: 'other' })],
    ['an owner that is no controller', pod(spec('db'), { owner: 'd', controller: false })],
    ['no owner', pod(spec('db'))],
  ])('%s', (_, subject) => {
    expect(toldAt(deployment(spec('db')), subject)).toEqual([1, 1]);
  });

  it('each finding of the owner stands for one', () => {
    const [container] = (spec('db') as { containers: object[] }).containers;
    const two = { ...spec('db'), containers: [container, container] };
    expect(toldAt(deployment(spec('db')), pod(two, { owner: 'd' }))).toEqual([1, 1]);
  });

  it('a Pod owns nothing', () => {
    const owner = pod(spec('db'), { uid: 'p' });
    expect(toldAt(owner, pod(spec('db'), { owner: 'p' }))).toEqual([1, 1]);
  });

  it('owners in a circle end', () => {
    const first = deployment(spec('db'), { uid: 'a', owner: 'b' });
    const second = replicaSet(spec('x'), { uid: 'b', owner: 'a' });
    expect(toldAt(first, second, pod(spec('y'), { owner: 'b' }))).toEqual([1, 1, 1]);
  });
});

describe('a past revision', () => {
  const owners = startOwners();
  told(owners, deployment(spec('db')));

  it.each([
    ['without replicas, of a known owner', replicaSet(spec('db'), { owner: 'd' }, 0), true],
    ['with replicas', replicaSet(spec('db'), { owner: 'd' }, 1), false],
    ['of nobody', replicaSet(spec('db'), {}, 0), false],
    ['of an owner that is not there', replicaSet(spec('db'), { owner: 'x' }, 0), false],
    ['another kind', deployment(spec('db'), { owner: 'd' }), false],
  ])('%s', (_, subject, past) => {
    expect(owners.isPast(subject)).toBe(past);
  });
});
