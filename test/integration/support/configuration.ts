// Configuration files for tests.
import { API_VERSION, KIND } from '../../../src/config/schema.ts';
import type { Mode } from '../../../src/engine/policy.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';

/** The fields of a configuration file beside apiVersion and kind. */
export type ConfigurationFields = Readonly<Record<string, unknown>>;

let versions = 0;

/** JSON is YAML, so this is a configuration file. No two are the same, so that each is a change. */
export function configurationText(fields: ConfigurationFields): string {
  versions += 1;
  return `# ${versions}\n${JSON.stringify({ apiVersion: API_VERSION, kind: KIND, ...fields })}`;
}

/**
 * Switches every policy off but these, which keep the mode of the profile unless one is given: a test
 * of one policy's exact answer does not change when the catalogue grows.
 */
export function only(modes: Readonly<Record<string, Mode | 'profile'>>): ConfigurationFields {
  const ids = catalogue.map(({ meta }) => meta.id);
  const unknown = Object.keys(modes).filter((id) => !ids.includes(id));
  if (unknown.length > 0) throw new Error(`no such policies: ${unknown.join(', ')}`);
  const policies = ids.flatMap((id) => {
    const mode = modes[id] ?? 'off';
    return mode === 'profile' ? [] : [[id, { mode }] as const];
  });
  return { policies: Object.fromEntries(policies) };
}
