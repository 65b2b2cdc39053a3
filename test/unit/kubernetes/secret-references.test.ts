import { describe, expect, it } from '@jest/globals';
import { fieldPath } from '../../../src/engine/path.ts';
import { subjectOf, type Subject } from '../../../src/engine/subject.ts';
import { podTemplates } from '../../../src/kubernetes/pod-template.ts';
import { secretReferences } from '../../../src/kubernetes/secret-references.ts';
import { secretMounts } from '../../../src/kubernetes/secret-volumes.ts';

const pod = (spec: object): Subject => subjectOf({ apiVersion: 'v1', kind: 'Pod', spec });
const custom = (spec: object): Subject =>
  subjectOf({ apiVersion: 'example.com/v1', kind: 'Fleet', spec });

function references(subject: Subject): string[] {
  return podTemplates(subject)
    .flatMap((template) => [...secretReferences(template)])
    .map(({ use, at, secret }) => `${use} ${fieldPath(at)} ${String(secret.value)}`);
}

const mounts = (subject: Subject): string[] =>
  podTemplates(subject)
    .flatMap((template) => [...secretMounts(template)])
    .map(({ mount, secrets, readOnly }) => `${fieldPath(mount)} ${secrets} ${String(readOnly)}`);

const ref = { secretRef: { name: 'db' } };

describe('the places of VisitPodSecretNames', () => {
  it.each([
    ['azureFile', { secretName: 'db' }, 'azureFile'],
    ['cephfs', ref, 'cephfs.secretRef'],
    ['cinder', ref, 'cinder.secretRef'],
    ['csi', { nodePublishSecretRef: { name: 'db' } }, 'csi.nodePublishSecretRef'],
    ['flexVolume', ref, 'flexVolume.secretRef'],
    ['iscsi', ref, 'iscsi.secretRef'],
    ['rbd', ref, 'rbd.secretRef'],
    ['scaleIO', ref, 'scaleIO.secretRef'],
    ['storageos', ref, 'storageos.secretRef'],
  ])('refers by a volume %s', (type, source, place) => {
    const subject = pod({ volumes: [{ name: 'a', [type]: source }] });

    expect(references(subject)).toEqual([`reference spec.volumes[0].${place} db`]);
    expect(references(custom({ volumes: [{ name: 'a', [type]: source }] }))).toHaveLength(1);
  });

  it('mounts by secret and projected volumes', () => {
    const volumes = [
      { name: 'a', secret: { secretName: 'one' } },
      { name: 'b', projected: { sources: [{ configMap: {} }, { secret: { name: 'two' } }, null] } },
    ];

    expect(references(pod({ volumes }))).toEqual([
      'mount spec.volumes[0].secret one',
      'mount spec.volumes[1].projected.sources[1].secret two',
    ]);
  });

  it.each(['containers', 'initContainers', 'ephemeralContainers'])('gives to env of %s', (list) => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'one', key: 'k' } } }];
    const envFrom = [{ secretRef: { name: 'two' } }, { configMapRef: { name: 'settings' } }];

    expect(references(pod({ [list]: [{ name: 'app', env, envFrom }] }))).toEqual([
      `environment spec.${list}[0].envFrom[0].secretRef two`,
      `environment spec.${list}[0].env[0].valueFrom.secretKeyRef one`,
    ]);
  });

  it('refers by imagePullSecrets', () => {
    const imagePullSecrets = [{ name: 'registry' }, {}];

    expect(references(pod({ imagePullSecrets }))).toEqual([
      'reference spec.imagePullSecrets[0] registry',
    ]);
  });

  it('takes a list of names in a custom kind for something else', () => {
    const containers = [{ name: 'app' }];
    const strings = custom({ containers, imagePullSecrets: ['registry'] });
    const word = custom({ containers, imagePullSecrets: 'registry' });
    const maps = custom({ containers, imagePullSecrets: [{ name: 'registry' }] });

    expect([references(strings), references(word), references(maps)]).toEqual([
      [],
      [],
      ['reference spec.imagePullSecrets[0] registry'],
    ]);
    expect([...strings.object.problems, ...word.object.problems]).toEqual([]);
  });

  it('leaves out what has no name, or an empty one', () => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { key: 'k' } } }];

    expect(references(pod({ containers: [{ env }], volumes: [{ secret: {} }] }))).toEqual([]);
    expect(references(pod({ imagePullSecrets: [{ name: '' }] }))).toEqual([]);
  });

  it('notes wrong types in a built-in kind', () => {
    const subject = pod({ containers: [{ env: [{ valueFrom: 'db' }], envFrom: {} }] });

    expect(references(subject)).toEqual([]);
    expect(subject.object.problems.map(({ at }) => fieldPath(at))).toEqual([
      'spec.containers[0].envFrom',
      'spec.containers[0].env[0].valueFrom',
    ]);
  });
});

describe('mounts of Secrets', () => {
  const mount = (name: string): object => ({ volumeMounts: [{ name, mountPath: `/${name}` }] });

  it('leave out other volumes, and names without a volume', () => {
    const volumes = [
      { name: 'tmp', emptyDir: {} },
      { name: 'efs', csi: { driver: 'efs.csi.aws.com' } },
    ];
    const containers = ['tmp', 'efs', 'none'].map(mount);

    expect(mounts(pod({ containers: [...containers, { volumeMounts: [{}] }], volumes }))).toEqual(
      [],
    );
  });

  it('tell what the volume shows', () => {
    const driver = 'secrets-store.csi.k8s.io';
    const volumes = [
      { name: 'a', secret: { secretName: 'db' } },
      { name: 'b', projected: { sources: [{ secret: { name: 'z' } }, { secret: { name: 'y' } }] } },
      { name: 'c', csi: { driver, readOnly: true } },
    ];

    expect(mounts(pod({ containers: ['a', 'b', 'c'].map(mount), volumes }))).toEqual([
      'spec.containers[0].volumeMounts[0] Secret db false',
      'spec.containers[1].volumeMounts[0] Secret y, Secret z false',
      'spec.containers[2].volumeMounts[0] CSI volume c true',
    ]);
  });

  it('keep what they repeat short', () => {
    const sources = Array.from({ length: 30 }, (_, index) => ({ secret: { name: `s${index}` } }));
    const volumes = [{ name: 'a', projected: { sources } }];
    const [template] = podTemplates(pod({ containers: [mount('a')], volumes }));
    const [found] = template === undefined ? [] : [...secretMounts(template)];

    expect(found?.referent).toHaveLength(21);
    expect(found?.referent.at(-1)).toBe('and 10 more Secrets');
    expect(found?.secrets).toMatch(/ and 25 more$/);
  });

  it('find the volume of a template around, the nearest first, and not too far out', () => {
    const volumes = (secretName: string): object => ({
      volumes: [{ name: 'a', secret: { secretName } }],
    });
    const container = { image: 'app', ...mount('a') };
    const near = custom({ ...volumes('far'), x: { ...volumes('near'), y: { container } } });
    const between = { volumes: [{ name: 'b', secret: { secretName: 'other' } }] };
    const nest = (levels: number): object =>
      levels === 0 ? { container } : { ...between, x: nest(levels - 1) };

    expect(mounts(near)).toEqual(['spec.x.y.container.volumeMounts[0] Secret near false']);
    expect(mounts(custom({ ...volumes('far'), x: nest(3) }))).toHaveLength(1);
    expect(mounts(custom({ ...volumes('far'), x: nest(9) }))).toEqual([]);
  });
});
