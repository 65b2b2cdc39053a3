// One table of grants by two readers: ours of the rules, and the authorizer by its answers.
import {
  coversResource,
  coversVerb,
  isUnbound,
  SECRETS,
  type PolicyRule,
} from '../../../src/rbac/rules.ts';
import {
  reachingVerbs,
  SECRET_VERBS,
  secretAccess,
  unnamedVerbs,
  type SecretVerb,
} from '../../../src/rbac/secret-access.ts';

/** A name that stands in no role. */
export const OTHER = 'other';

/** The names that stand in the rules. */
export function namesIn(rules: readonly PolicyRule[]): readonly string[] {
  const names = new Set(rules.flatMap(({ resourceNames }) => resourceNames));
  return [...names].filter((name) => name !== '').sort();
}

/** The answer to any request, even to one that no client can send, as a get without a name. */
export function allows(rules: readonly PolicyRule[], verb: SecretVerb, name: string): boolean {
  return rules.some(
    (rule) =>
      coversResource(rule, SECRETS) &&
      coversVerb(rule, verb) &&
      (isUnbound(rule, name !== '') || rule.resourceNames.includes(name)),
  );
}

/** Verbs on every Secret, on any, and on each of the names. */
export type Grants = Readonly<Record<string, readonly SecretVerb[]>>;

/** What the policies go by. */
export function readGrants(rules: readonly PolicyRule[], names: readonly string[]): Grants {
  const access = rules.flatMap((rule) => secretAccess(rule) ?? []);
  const on = (name: string): readonly SecretVerb[] =>
    SECRET_VERBS.filter((verb) =>
      access.some(
        (grant) =>
          grant.unnamed.includes(verb) ||
          (grant.named.includes(verb) && grant.names.includes(name)),
      ),
    );
  return { every: unnamedVerbs(rules), any: reachingVerbs(rules), ...byName(names, on) };
}

/** Their requests carry no name, or one by a field selector (list, watch) or server-side apply (create). */
const NAMELESS: readonly SecretVerb[] = ['list', 'watch', 'create', 'deletecollection'];

/** The same from the answers to the requests that clients can send. */
export function answeredGrants(
  isAllowed: (verb: SecretVerb, name: string) => boolean,
  names: readonly string[],
): Grants {
  const reaches = (verb: SecretVerb, name: string): boolean =>
    (NAMELESS.includes(verb) && isAllowed(verb, '')) ||
    (verb !== 'deletecollection' && isAllowed(verb, name));
  const on = (...some: readonly string[]): readonly SecretVerb[] =>
    SECRET_VERBS.filter((verb) => some.some((name) => reaches(verb, name)));
  return { every: on(OTHER), any: on(OTHER, ...names), ...byName(names, on) };
}

function byName(names: readonly string[], grants: (name: string) => readonly SecretVerb[]): Grants {
  return Object.fromEntries(names.map((name) => [`named ${name}`, grants(name)]));
}
