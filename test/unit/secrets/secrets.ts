import { optionsOf } from '../../../src/config/options.ts';
import { evaluate, type Evaluation } from '../../../src/engine/evaluate.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';

/** What one policy says of an object. */
export function evaluated(
  id: string,
  object: unknown,
  options: unknown = {},
  day = '2026-11-24',
): Evaluation {
  const policies = catalogue
    .filter(({ meta }) => meta.id === id)
    .map((policy) => ({ policy, options: optionsOf(policy, options) }));
  return evaluate(subjectOf(object), { now: Date.parse(day) }, policies);
}

/** `message path` of its findings. */
export function found(id: string, object: unknown, options: unknown = {}, day?: string): string[] {
  return evaluated(id, object, options, day).findings.map(
    ({ messageId, path }) => `${messageId} ${path}`,
  );
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const secret = (fields: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'shop', ...metadata },
  ...fields,
});
