import type { RoleFacts } from '../engine/facts.ts';
import type { SafeText } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE } from '../kubernetes/resources.ts';
import { boundRole, boundSubjects, type BoundRole, type Identity } from './bindings.ts';
import type { PolicyRule } from './rules.ts';
import {
  READING_VERBS,
  SECRET_VERBS,
  secretAccess,
  unnamedVerbs,
  type SecretVerb,
} from './secret-access.ts';
import { grantsOf, WAYS_AROUND } from './ways.ts';

/** What can be read of the Secrets in reach of a binding. */
export interface SecretReading {
  /** As in a rule: none is every Secret. */
  readonly names: readonly string[];
  /** Verbs whose answer carries the Secret; none where only `ways` lead to it. */
  readonly verbs: readonly SecretVerb[];
  /** Permissions on something else that lead to every Secret in reach. */
  readonly ways: readonly SafeText[];
}

/** Who reads what by one binding. */
export interface BindingReach {
  readonly role: BoundRole;
  readonly identities: readonly Identity[];
  /** Undefined when the role is not known; empty when it reads no Secret. */
  readonly readings: readonly SecretReading[] | undefined;
}

/** What a RoleBinding or ClusterRoleBinding lets its subjects read of Secrets, as the authorizer has it. */
export function reachOf(binding: Subject, roles: RoleFacts): BindingReach {
  const role = boundRole(binding, roles);
  const isClusterWide = binding.kind === CLUSTER_ROLE_BINDING.kind;
  return {
    role,
    identities: boundSubjects(binding).flatMap(({ identity }) => identity ?? []),
    readings: role.rules && readingsOf(role.rules, isClusterWide ? CLUSTER_ROLE : ROLE),
  };
}

function readingsOf(
  rules: readonly PolicyRule[],
  scope: Pick<Subject, 'kind'>,
): readonly SecretReading[] {
  const every = unnamedVerbs(rules).filter((verb) => READING_VERBS.has(verb));
  const readings = [
    ...(every.length === 0 ? [] : [{ names: [], verbs: every, ways: [] }]),
    ...namedReadings(rules, every),
  ];
  // Who reads every Secret anyway needs no way around.
  if (every.length > 0) return readings;
  const ways = [...new Set(rules.flatMap((rule) => grantsOf(rule, WAYS_AROUND, scope)))];
  return ways.length === 0 ? readings : [...readings, { names: [], verbs: [], ways }];
}

/** Names with the same verbs together; a verb that reads every Secret is not repeated for a name. */
function namedReadings(
  rules: readonly PolicyRule[],
  every: readonly SecretVerb[],
): readonly SecretReading[] {
  const byName = new Map<string, Set<SecretVerb>>();
  for (const rule of rules) {
    const { names = [], named = [] } = secretAccess(rule) ?? {};
    const verbs = named.filter((verb) => READING_VERBS.has(verb) && !every.includes(verb));
    for (const name of verbs.length === 0 ? [] : names) {
      byName.set(name, new Set([...(byName.get(name) ?? []), ...verbs]));
    }
  }
  const together = new Map<string, SecretReading & { readonly names: string[] }>();
  for (const [name, granted] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const verbs = SECRET_VERBS.filter((verb) => granted.has(verb));
    const reading = together.get(verbs.join()) ?? { names: [], verbs, ways: [] };
    reading.names.push(name);
    together.set(verbs.join(), reading);
  }
  return [...together.values()];
}
