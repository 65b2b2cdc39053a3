import { evaluate, type Evaluation } from '../../../src/engine/evaluate.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { optionsOf } from '../../../src/config/options.ts';
import { WORKLOADS } from '../../../src/kubernetes/resources.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';

/** The policies that judge pod templates. */
export const policies = catalogue
  .filter(({ meta }) => meta.appliesTo.customWorkloads === true && meta.needs.length === 0)
  .map((policy) => ({ policy, options: optionsOf(policy, {}) }));

export const judged = (object: unknown): Evaluation =>
  evaluate(subjectOf(object), { now: 0 }, policies);

/** The policies and messages that an object gives, as a sorted multiset. */
export const fired = (object: unknown): string[] =>
  judged(object)
    .findings.map(({ policy, messageId }) => `${policy} ${messageId}`)
    .sort();

export const fingerprints = (object: unknown): string[] =>
  judged(object)
    .findings.map(({ fingerprint }) => fingerprint)
    .sort();

export const pod = (spec: unknown, metadata: object = { name: 'fixture' }): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
});

type Wrap = (spec: unknown) => object;

const builtIn = WORKLOADS.map(({ group, kind, podTemplate = [] }): [string, Wrap] => [
  kind,
  (spec) => ({
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    kind,
    metadata: { name: 'fixture' },
    ...podTemplate.reduceRight<object>((below, key) => ({ [key]: below }), { spec }),
  }),
]);

const custom = (kind: string, wrap: Wrap): [string, Wrap] => [
  kind,
  (spec) => ({
    apiVersion: 'example.com/v1',
    kind,
    metadata: { name: 'fixture' },
    spec: wrap(spec),
  }),
];

/** Each kind that holds a whole pod template, and how it does. */
export const wraps: readonly (readonly [string, Wrap])[] = [
  ...builtIn,
  custom('Rollout', (spec) => ({ template: { spec } })),
  custom('JobSet', (spec) => ({ jobs: [{ template: { spec: { template: { spec } } } }] })),
];
