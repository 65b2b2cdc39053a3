import type { PolicyRule } from '../rbac/rules.ts';
import type { Subject } from './subject.ts';

/** What the engine is told from outside the object it judges. */
export interface Facts {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The roles that are known, where any source of them is. */
  readonly roles?: RoleFacts;
  /** What the whole input says of its namespaces, where there is a whole input. */
  readonly namespaces?: NamespaceFacts;
}

/** Facts that a policy may need; the time is always there. */
export type FactName = 'roles' | 'namespaces';

export interface RoleFacts {
  /** The rules of a role, aggregation resolved; undefined when the role is not known here. */
  rules(
    kind: 'Role' | 'ClusterRole',
    namespace: string,
    name: string,
  ): readonly PolicyRule[] | undefined;
}

export interface NamespaceFacts {
  /**
   * The namespace that this object stands for: that of a Namespace object, or of the first object that
   * puts a Secret in a namespace whose Namespace object is not there. Undefined for every other object.
   */
  toldAt(subject: Subject): string | undefined;
  /** Whether an object in the input is a Secret of that namespace, or makes one in it. */
  holdsSecrets(namespace: string): boolean;
  /** Whether what no NetworkPolicy lets in is kept from every pod of that namespace. */
  deniesIngress(namespace: string): boolean;
}
