import { Ajv, type ValidateFunction } from 'ajv';
import type { PolicyModule } from '../engine/policy.ts';

const ajv = new Ajv({ useDefaults: true, strict: true });
const validators = new WeakMap<object, ValidateFunction>();

/** The options of a policy with its defaults filled in; they were checked with the whole configuration. */
export function optionsOf({ meta, options: schema }: PolicyModule, given: unknown): unknown {
  if (schema === undefined) return {};
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  const options: unknown = structuredClone(given ?? {});
  if (!validate(options))
    throw new Error(`options of ${meta.id}: ${ajv.errorsText(validate.errors)}`);
  return options;
}
