import { coversResource, coversVerb, isUnbound, SECRETS, type PolicyRule } from './rules.ts';

export const SECRET_VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
] as const;
export type SecretVerb = (typeof SECRET_VERBS)[number];

/** Verbs whose request carries no object name, so that resourceNames do not bind them. */
const NAMELESS: ReadonlySet<SecretVerb> = new Set(['list', 'watch', 'create', 'deletecollection']);

/** Verbs whose answer carries the Secret: update, patch and delete reply with the object. */
export const READING_VERBS: ReadonlySet<SecretVerb> = new Set(
  SECRET_VERBS.filter((verb) => verb !== 'create'),
);

/** What one rule grants on the Secrets it reaches. */
export interface SecretAccess {
  /** Verbs granted on every Secret in reach. */
  readonly unnamed: readonly SecretVerb[];
  /**
   * Verbs granted on `names` alone. List and watch of a name work by a `metadata.name` field selector,
   * create of a name by server-side apply; deletecollection never carries one.
   */
  readonly named: readonly SecretVerb[];
  readonly names: readonly string[];
}

/** A rule's grants on Secrets as the RBAC authorizer reads it; undefined where it grants none. */
export function secretAccess(rule: PolicyRule): SecretAccess | undefined {
  if (!coversResource(rule, SECRETS)) return undefined;
  const verbs = SECRET_VERBS.filter((verb) => coversVerb(rule, verb));
  const unnamed = verbs.filter((verb) => isUnbound(rule, !NAMELESS.has(verb)));
  const names = rule.resourceNames.filter((name) => name !== '');
  const named = names.length === 0 ? [] : verbs.filter((verb) => verb !== 'deletecollection');
  return unnamed.length + named.length === 0 ? undefined : { unnamed, named, names };
}

/** The verbs that a whole role grants on every Secret in its reach. */
export function unnamedVerbs(rules: readonly PolicyRule[]): readonly SecretVerb[] {
  return verbsOf(rules, ({ unnamed }) => unnamed);
}

/** The verbs that a whole role grants on any Secret, named or not. */
export function reachingVerbs(rules: readonly PolicyRule[]): readonly SecretVerb[] {
  return verbsOf(rules, ({ unnamed, named }) => [...unnamed, ...named]);
}

function verbsOf(
  rules: readonly PolicyRule[],
  pick: (access: SecretAccess) => readonly SecretVerb[],
): readonly SecretVerb[] {
  const granted = new Set(
    rules.flatMap((rule) => {
      const access = secretAccess(rule);
      return access === undefined ? [] : pick(access);
    }),
  );
  return SECRET_VERBS.filter((verb) => granted.has(verb));
}
