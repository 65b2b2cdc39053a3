// Objects bred from the fixtures: what stands in them is put together anew, so that every policy meets new company.
import fc from 'fast-check';
import { isJsonObject } from '../../../src/engine/field.ts';
import { builtIn, WORKLOADS } from '../../../src/kubernetes/resources.ts';
import { workload, type Json } from './objects.ts';

/** Namespaces of bred objects; a Secret in `default` is a finding. */
export const NAMESPACES = ['parity', 'default'] as const;
/** ServiceAccounts that bred Pods run as. */
export const ACCOUNTS = ['default', 'app'] as const;

const RBAC = 'rbac.authorization.k8s.io';

const jsonOf = (value: unknown): Json => (isJsonObject(value) ? value : {});
const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
const part = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const some = <Value>(pool: readonly Value[], maxLength: number): fc.Arbitrary<Value[]> =>
  fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength });
/** As JSON has it: without what is undefined. */
const plain = (value: unknown): Json => jsonOf(JSON.parse(JSON.stringify(value)));

const head = fc.record({
  name: fc.constantFrom('app', 'shop', 'web-2'),
  namespace: fc.constantFrom(...NAMESPACES),
});

/** Objects of every kind that the documents hold. */
export function bred(documents: readonly Json[]): fc.Arbitrary<Json> {
  const of = (...kinds: readonly string[]): readonly Json[] =>
    documents.filter(({ kind }) => kinds.includes(String(kind)));
  const custom = documents.filter(({ apiVersion, kind }) => {
    const group = String(apiVersion).replace(/\/?[^/]*$/, '');
    return builtIn(group, String(kind)) === undefined && group.includes('.');
  });
  return fc.oneof(
    { weight: 10, arbitrary: workloads(of(...WORKLOADS.map(({ kind }) => kind))) },
    { weight: 4, arbitrary: roles(of('Role', 'ClusterRole')) },
    { weight: 3, arbitrary: bindings(of('RoleBinding', 'ClusterRoleBinding')) },
    { weight: 4, arbitrary: secrets(of('Secret')) },
    { weight: 1, arbitrary: configMaps(of('ConfigMap')) },
    { weight: 4, arbitrary: custom.length === 0 ? fc.constant({}) : mutants(custom) },
  );
}

function workloads(documents: readonly Json[]): fc.Arbitrary<Json> {
  const specs = documents.flatMap(podSpecOf);
  const flag = part(fc.boolean());
  const id = part(fc.constantFrom(0, 10001));
  const own = fc.record({
    automountServiceAccountToken: flag,
    securityContext: part(fc.record({ runAsNonRoot: flag, runAsUser: id, fsGroup: id })),
    serviceAccountName: part(fc.constantFrom(...ACCOUNTS)),
  });
  return fc
    .tuple(
      fc.constantFrom(...WORKLOADS, undefined),
      head,
      some(specs, 3),
      own,
      annotations(documents),
    )
    .map(([resource, { name, namespace }, parents, fields, notes]) => {
      const spec = plain({ ...crossed(parents), ...fields });
      const object =
        resource === undefined
          ? { ...ROLLOUT, spec: { template: { spec } } }
          : workload(resource, name, spec);
      return plain({ ...object, metadata: { name, namespace, annotations: notes } });
    });
}

const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };

/** The pod spec of a built-in workload, without what not every kind takes. */
function podSpecOf(document: Json): Json[] {
  const { spec, template } = document;
  const inner = jsonOf(jsonOf(jsonOf(spec)['jobTemplate'])['spec'])['template'];
  const holder = jsonOf(template ?? jsonOf(spec)['template'] ?? inner ?? document);
  const common = Object.entries(jsonOf(holder['spec'])).filter(
    ([key]) => !['restartPolicy', 'ephemeralContainers'].includes(key),
  );
  const own = Object.fromEntries(common);
  return listOf(own['containers']).length === 0 ? [] : [own];
}

/** Several pod specs in one: names get a prefix, so that each mount finds its volume. */
function crossed(parents: readonly Json[]): Json {
  const lists = ['containers', 'initContainers', 'volumes'].map((key): [string, Json[]] => [
    key,
    parents.flatMap((spec, index) => listOf(spec[key]).map((item) => prefixed(item, index))),
  ]);
  return { ...parents[0], ...Object.fromEntries(lists) };
}

function prefixed(item: Json, index: number): Json {
  const mounts = listOf(item['volumeMounts']).map((mount) => renamed(mount, index));
  return { ...renamed(item, index), ...(mounts.length === 0 ? {} : { volumeMounts: mounts }) };
}

const renamed = (item: Json, index: number): Json => ({
  ...item,
  name: `p${index}-${String(item['name'])}`,
});

function annotations(documents: readonly Json[]): fc.Arbitrary<unknown> {
  const known = documents.flatMap(({ metadata }) => jsonOf(metadata)['annotations'] ?? []);
  return part(fc.constantFrom(...known, { team: 'shop' }));
}

function roles(documents: readonly Json[]): fc.Arbitrary<Json> {
  const rules = documents.flatMap((document) => listOf(document['rules']));
  const pool = (key: string): readonly unknown[] => rules.flatMap((rule) => rule[key] ?? []);
  const verbs = part(
    fc.uniqueArray(fc.constantFrom(...pool('verbs')), { minLength: 1, maxLength: 4 }),
  );
  const resources = part(some(pool('resources'), 3));
  const rule = fc
    .tuple(fc.constantFrom(...rules), verbs, resources)
    .map(([own, newVerbs, newResources]): Json => {
      if (own['nonResourceURLs'] !== undefined) return own;
      return {
        ...own,
        verbs: newVerbs ?? own['verbs'],
        resources: newResources ?? own['resources'],
      };
    });
  const labels = part(fc.constantFrom(...documents.flatMap(labelsOf)));
  const kind = fc.constantFrom('Role', 'ClusterRole');
  return fc
    .tuple(kind, head, labels, fc.array(rule, { minLength: 1, maxLength: 4 }))
    .map(([each, metadata, own, list]) =>
      rbac(each, { ...metadata, labels: own }, { rules: list }),
    );
}

const labelsOf = ({ metadata }: Json): unknown[] => {
  const { labels } = jsonOf(metadata);
  return labels === undefined ? [] : [labels];
};

function bindings(documents: readonly Json[]): fc.Arbitrary<Json> {
  const subjects = documents.flatMap((document) => listOf(document['subjects']));
  const refs = documents.map(({ roleRef }) => jsonOf(roleRef));
  const kind = fc.constantFrom('RoleBinding', 'ClusterRoleBinding');
  return fc
    .tuple(kind, head, fc.constantFrom(...refs), some(subjects, 4))
    .map(([each, metadata, roleRef, list]) => rbac(each, metadata, { roleRef, subjects: list }));
}

const rbac = (kind: string, { namespace, ...metadata }: Json, rest: Json): Json => {
  const own = kind.startsWith('Cluster') ? metadata : { ...metadata, namespace };
  return plain({ apiVersion: `${RBAC}/v1`, kind, metadata: own, ...rest });
};

function secrets(documents: readonly Json[]): fc.Arbitrary<Json> {
  const entries = (key: string): fc.Arbitrary<Json | undefined> => {
    const pool = documents.flatMap((document) => Object.entries(jsonOf(document[key])));
    return part(some(pool, 3).map((list) => Object.fromEntries(list)));
  };
  const own = fc.record({ data: entries('data'), stringData: entries('stringData') });
  return fc
    .tuple(fc.constantFrom(...documents), head, own, annotations(documents))
    .map(
      ([parent, metadata, { data = parent['data'], stringData = parent['stringData'] }, notes]) =>
        plain({ ...parent, metadata: { ...metadata, annotations: notes }, data, stringData }),
    );
}

function configMaps(documents: readonly Json[]): fc.Arbitrary<Json> {
  const entries = documents.flatMap(({ data }) => Object.entries(jsonOf(data)));
  return fc
    .tuple(fc.constantFrom(...documents), head, some(entries, 4))
    .map(([parent, metadata, data]) =>
      plain({ ...parent, metadata, data: Object.fromEntries(data) }),
    );
}

/** A document in which one field below `spec` is gone, or has what stands under the same key elsewhere. */
function mutants(documents: readonly Json[]): fc.Arbitrary<Json> {
  const values = new Map<string, unknown[]>();
  for (const { key, value } of documents.flatMap((document) => fieldsIn(document['spec'])))
    values.set(key, [...(values.get(key) ?? []), value]);
  return fc
    .tuple(fc.constantFrom(...documents), head, fc.nat(), fc.nat(), fc.boolean())
    .map(([parent, { name, namespace }, where, which, isKept]) => {
      const copy = plain(parent);
      const fields = fieldsIn(copy['spec']);
      const field = fields[where % Math.max(1, fields.length)];
      const others = values.get(field?.key ?? '') ?? [];
      if (field !== undefined) {
        if (isKept) field.holder[field.key] = structuredClone(others[which % others.length]);
        else Reflect.deleteProperty(field.holder, field.key);
      }
      const own = jsonOf(parent['metadata'])['namespace'] === undefined ? {} : { namespace };
      return { ...copy, metadata: { ...jsonOf(copy['metadata']), name, ...own } };
    });
}

interface FieldAt {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly value: unknown;
}

function fieldsIn(value: unknown): FieldAt[] {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  if (!isJsonObject(value)) return [];
  const holder: Record<string, unknown> = value;
  return Object.entries(value).flatMap(([key, child]) => [
    { holder, key, value: child },
    ...fieldsIn(child),
  ]);
}
