import { describe, expect, it } from '@jest/globals';
import { fieldPath } from '../../../src/engine/path.ts';
import { subjectOf, type Subject } from '../../../src/engine/subject.ts';
import { containers, podTemplates } from '../../../src/kubernetes/pod-template.ts';
import { WORKLOADS } from '../../../src/kubernetes/resources.ts';

const custom = (spec: unknown, rest: object = {}): Subject =>
  subjectOf({ apiVersion: 'example.com/v1', kind: 'Fleet', metadata: {}, spec, ...rest });

const parsed = (spec: string): Subject =>
  subjectOf(JSON.parse(`{"apiVersion":"example.com/v1","kind":"Fleet","spec":${spec}}`));

const paths = (subject: Subject): string[] =>
  [...containers(subject)].map(({ field }) => fieldPath(field));

const problems = ({ object }: Subject): string[] =>
  object.problems.map(({ at, expected }) => `${fieldPath(at)} ${expected}`);

const app = { name: 'app', image: 'app' };
const stray = { image: 'app', command: ['make'] };

describe('kinds without pods of their own', () => {
  it.each([
    'kyverno.io/v1',
    'policies.kyverno.io/v1',
    'chainsaw.kyverno.io/v1alpha1',
    'constraints.gatekeeper.sh/v1',
    'policy.open-cluster-management.io/v1',
    'admission.k8s.io/v1',
  ])('of %s have none, whatever they hold', (apiVersion) => {
    expect(
      podTemplates(custom({ pattern: { spec: { containers: [app] } } }, { apiVersion })),
    ).toEqual([]);
  });

  it.each(['extensions/v1beta1', 'mykyverno.io/v1'])('are not those of %s', (apiVersion) => {
    const spec = { template: { spec: { containers: [app] } } };

    expect(paths(custom(spec, { apiVersion }))).toEqual(['spec.template.spec.containers[0]']);
  });
});

describe('built-in kinds', () => {
  it.each(WORKLOADS.map((resource) => [resource.kind, resource] as const))(
    '%s has each class of containers, and its volumes',
    (kind, { group, podTemplate = [] }) => {
      const spec = {
        initContainers: [app],
        containers: [app],
        ephemeralContainers: [app],
        volumes: [{ name: 'db' }],
      };
      const object = podTemplate.reduceRight<unknown>((below, key) => ({ [key]: below }), { spec });
      const apiVersion = group === '' ? 'v1' : `${group}/v1`;
      const subject = subjectOf({ ...Object(object), apiVersion, kind });
      const place = [...podTemplate, 'spec'].join('.');

      expect(paths(subject)).toEqual([
        `${place}.initContainers[0]`,
        `${place}.containers[0]`,
        `${place}.ephemeralContainers[0]`,
      ]);
      expect(podTemplates(subject).map(({ whole, volumes }) => [whole, volumes.length])).toEqual([
        [true, 1],
      ]);
      expect(problems(subject)).toEqual([]);
    },
  );

  it('is read once for each object', () => {
    const subject = subjectOf({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [app] } });

    expect(podTemplates(subject)).toBe(podTemplates(subject));
  });

  it('reads null as absent, and nothing as no problem', () => {
    for (const spec of [null, undefined, { containers: null, volumes: null }]) {
      const subject = subjectOf({ apiVersion: 'v1', kind: 'Pod', spec });

      expect(paths(subject)).toEqual([]);
      expect(problems(subject)).toEqual([]);
    }
    expect(podTemplates(subjectOf({ apiVersion: 'apps/v1', kind: 'Deployment' }))).toEqual([]);
  });

  it.each([
    [{ containers: { app } }, ['spec.containers list']],
    [{ containers: [app], initContainers: 1 }, ['spec.initContainers list']],
    [{ volumes: 'db' }, ['spec.volumes list']],
    [[app], ['spec map', 'spec map', 'spec map', 'spec map']],
  ])('notes %j as malformed', (spec, expected) => {
    const subject = subjectOf({ apiVersion: 'v1', kind: 'Pod', spec });
    podTemplates(subject);

    expect(problems(subject)).toEqual(expected);
  });

  it('searches no kind of Kubernetes itself', () => {
    const spec = { containers: [app] };

    expect(podTemplates(subjectOf({ apiVersion: 'v1', kind: 'Node', spec }))).toEqual([]);
    expect(podTemplates(subjectOf({ apiVersion: 'apps/v1', kind: 'Scale', spec }))).toEqual([]);
    expect(podTemplates(subjectOf({ apiVersion: 'v1', kind: 'ConfigMap', spec }))).toEqual([]);
  });
});

describe('whole templates in custom kinds', () => {
  it('are specs with containers, in any list, in the order of the object', () => {
    const subject = custom({
      members: [
        { template: { spec: { containers: [app], initContainers: [app] } } },
        [{ template: { spec: { containers: [app] } } }],
      ],
    });

    expect(paths(subject)).toEqual([
      'spec.members[0].template.spec.initContainers[0]',
      'spec.members[0].template.spec.containers[0]',
      'spec.members[1][0].template.spec.containers[0]',
    ]);
    expect(podTemplates(subject).map(({ field, whole }) => [fieldPath(field), whole])).toEqual([
      ['spec.members[0].template', true],
      ['spec.members[1][0].template', true],
    ]);
  });

  it('are no custom object of its own, whose spec has other fields too', () => {
    const [template] = podTemplates(custom({ containers: [app] }));

    expect(template?.whole).toBe(false);
    expect(template === undefined ? '' : fieldPath(template.field)).toBe('spec');
  });

  it('are no templates whose containers have no image, which an operator lays over its own pod', () => {
    const container = { name: 'elasticsearch', env: [{ name: 'A', value: 'b' }] };
    const [template] = podTemplates(custom({ podTemplate: { spec: { containers: [container] } } }));

    expect([template?.whole, template?.containers.length]).toEqual([false, 1]);
    expect(template === undefined ? '' : fieldPath(template.field)).toBe('spec.podTemplate');
  });

  it('stand neither in metadata nor in status, but wherever else those words are keys', () => {
    const spec = { containers: [app] };

    expect(paths(custom({}, { metadata: { spec }, status: { spec } }))).toEqual([]);
    expect(paths(custom({ status: { spec } }))).toEqual(['spec.status.spec.containers[0]']);
  });

  it('keep null items, which the API drops', () => {
    const subject = parsed('{"template":{"spec":{"containers":[null,{"name":"app"}]}}}');

    expect(paths(subject)).toHaveLength(2);
    expect(problems(subject)).toEqual([]);
  });
});

describe('parts of templates in custom kinds', () => {
  it('joins the steps of one pod, with the volumes beside them', () => {
    const subject = custom({
      steps: [stray, stray],
      sidecars: [stray],
      volumes: [
        { name: 'db', secret: {} },
        { name: 'tmp', emptyDir: {} },
      ],
    });
    const [template, ...others] = podTemplates(subject);

    expect(others).toEqual([]);
    expect(template?.containers.map(({ field }) => fieldPath(field))).toEqual([
      'spec.steps[0]',
      'spec.steps[1]',
      'spec.sidecars[0]',
    ]);
    expect(template?.volumes).toHaveLength(2);
    expect(template?.whole).toBe(false);
  });

  it('knows the template around a part, as in an Argo Workflow', () => {
    const subject = custom({
      volumes: [{ name: 'db', secret: {} }],
      templates: [{ container: stray }, { script: stray, initContainers: [app] }],
    });
    const found = podTemplates(subject);

    expect(found.map(({ spec, outer }) => [fieldPath(spec), outer === found[0]])).toEqual([
      ['spec', false],
      ['spec.templates[0]', true],
      ['spec.templates[1]', true],
    ]);
    expect(paths(subject)).toEqual([
      'spec.templates[0].container',
      'spec.templates[1].initContainers[0]',
      'spec.templates[1].script',
    ]);
  });

  it('takes a map with volumes or containers for a container too, but no whole template', () => {
    const volumes = [{ name: 'db', secret: {} }];
    const part = custom({ ...stray, volumes, containers: [app] });
    const [template, ...others] = podTemplates(part);

    expect(others).toEqual([]);
    expect(paths(part)).toEqual(['spec.containers[0]', 'spec']);
    expect([template?.whole, template?.volumes.length]).toEqual([false, 1]);
    expect(paths(custom({ template: { spec: { ...stray, containers: [app] } } }))).toEqual([
      'spec.template.spec.containers[0]',
    ]);
  });

  it.each([
    ['an image and a list that containers have', { image: 'app', args: [] }],
    ['a variable from somewhere', { env: [{ name: 'A', valueFrom: { secretKeyRef: {} } }] }],
    ['variables of a Secret', { envFrom: [{ secretRef: { name: 'db' } }] }],
  ])('takes a map with %s for a container', (_, part) => {
    expect(paths(custom({ part }))).toEqual(['spec.part']);
  });

  it.each([
    ['an image alone', { image: 'app' }],
    ['an image that is a map', { image: { tag: '1' }, args: [] }],
    ['docker-like variables', { image: 'app', env: ['A=b'] }],
    ['variables as a map', { image: 'app', env: { A: 'b' }, args: [] }],
    ['plain variables without an image', { env: [{ name: 'A', value: 'b' }] }],
    ['containers as a map', { containers: { app } }],
    ['containers by name', { containers: ['app'] }],
    ['no containers', { containers: [] }],
    ['volumes that hold no Secret', { volumes: [{ name: 'tmp', emptyDir: {} }] }],
    ['volumes as a map', { volumes: { db: { secret: {} } } }],
    ['a secret that is a word', { volumes: [{ name: 'db', secret: 'db' }] }],
  ])('takes a map with %s for none, and for nothing malformed', (_, part) => {
    const subject = custom({ part });

    expect(podTemplates(subject)).toEqual([]);
    expect(problems(subject)).toEqual([]);
  });

  it('leaves out volumes of another shape beside real ones', () => {
    const [template] = podTemplates(
      custom({ volumes: [{ secret: 'db' }, { name: 'db', secret: {} }] }),
    );

    expect(template?.volumes.map(fieldPath)).toEqual(['spec.volumes[1]']);
  });

  it('finds a container that is the object itself', () => {
    const subject = subjectOf({ apiVersion: 'example.com/v1', kind: 'Tool', ...stray });

    expect([...containers(subject)]).toHaveLength(1);
  });
});

describe('hostile objects', () => {
  it('takes __proto__ and constructor for keys like others', () => {
    const subject = parsed(
      '{"__proto__":{"containers":[{"name":"a"}]},"constructor":{"containers":[{"name":"b"}]}}',
    );

    expect(paths(subject)).toEqual([
      'spec.__proto__.containers[0]',
      'spec.constructor.containers[0]',
    ]);
  });

  it('reads own properties only', () => {
    const inherited: unknown = Object.create({
      ...stray,
      containers: [app],
      volumes: [{ secret: {} }],
    });

    expect(podTemplates(custom({ part: inherited }))).toEqual([]);
    expect(paths(parsed('{"part":{"__proto__":{"image":"a"},"args":[]}}'))).toEqual([]);
  });

  it('follows lists of any length', () => {
    const list = Array.from({ length: 300_000 }, () => 1);

    expect(paths(custom({ list, last: [...list, stray] }))).toEqual(['spec.last[300000]']);
  });

  it('says of what is nested too deeply that it was not read', () => {
    const nest = (levels: number): Subject =>
      parsed(`${'{"x":'.repeat(levels)}{"containers":[{"name":"a"}]}${'}'.repeat(levels)}`);

    expect(paths(nest(90))).toHaveLength(1);
    expect(problems(nest(90))).toEqual([]);
    const deep = nest(100_000);
    expect(paths(deep)).toEqual([]);
    expect(problems(deep)).toEqual([expect.stringMatching(/^spec(\.x){100} end$/)]);
  });

  it.each([[1], ['text'], [[]], [null], [true]])('finds nothing in %j', (object) => {
    expect(podTemplates(subjectOf(object, { group: 'example.com', kind: 'Fleet' }))).toEqual([]);
  });
});
