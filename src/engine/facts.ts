import type { PolicyRule } from '../rbac/rules.ts';

/** What the engine is told from outside the object it judges. */
export interface Facts {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The roles that are known, where any source of them is. */
  readonly roles?: RoleFacts;
}

/** Facts that a policy may need; the time is always there. */
export type FactName = 'roles';

export interface RoleFacts {
  /** The rules of a role, aggregation resolved; undefined when the role is not known here. */
  rules(
    kind: 'Role' | 'ClusterRole',
    namespace: string,
    name: string,
  ): readonly PolicyRule[] | undefined;
}
