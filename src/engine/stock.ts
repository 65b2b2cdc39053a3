import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from '../kubernetes/resources.ts';
import { isStockWorkload } from '../kubernetes/stock-workloads.ts';
import { boundSubjects } from '../rbac/bindings.ts';
import { rulesOf } from '../rbac/rules.ts';
import { secretAccess } from '../rbac/secret-access.ts';
import { isStockGrant } from '../rbac/stock-bindings.ts';
import { isStockRule } from '../rbac/stock-roles.ts';
import type { Facts } from './facts.ts';
import type { Field } from './field.ts';
import type { Subject } from './subject.ts';

/**
 * Whether what stands at a place of an object is as Kubernetes itself makes it, in an object that it
 * makes itself: its controllers cannot do with less. By name and content, never by a label.
 */
export function isStock(subject: Subject, at: Field, facts: Facts): boolean {
  if (subject.group !== ROLE.group) {
    return at.key === 'automountServiceAccountToken' && isStockWorkload(subject);
  }
  switch (subject.kind) {
    case ROLE.kind:
    case CLUSTER_ROLE.kind:
      return isStockRuleAt(subject, at) || isStockLabel(subject, at);
    case ROLE_BINDING.kind:
    case CLUSTER_ROLE_BINDING.kind: {
      const index = indexIn(at, 'subjects');
      const who = index === undefined ? undefined : boundSubjects(subject)[index]?.identity;
      return who !== undefined && isStockGrant(subject, who, facts.roles);
    }
    default:
      return false;
  }
}

function isStockRuleAt(role: Subject, at: Field): boolean {
  const index = indexIn(at, 'rules');
  const rule = index === undefined ? undefined : rulesOf(role.object)[index];
  return rule !== undefined && isStockRule(role, rule);
}

/** The roles that Kubernetes puts together itself, and the label by which they go into the next. */
const AGGREGATED: ReadonlyMap<string, string> = new Map([
  ['system:aggregate-to-edit', 'rbac.authorization.k8s.io/aggregate-to-edit'],
  ['edit', 'rbac.authorization.k8s.io/aggregate-to-admin'],
]);

/** What others aggregate into `edit` is told at those roles; their label is the cause. */
function isStockLabel(role: Subject, at: Field): boolean {
  const { object, kind, name } = role;
  if (kind !== CLUSTER_ROLE.kind || at.key !== AGGREGATED.get(name)) return false;
  if (object.get('aggregationRule').present) return true;
  return rulesOf(object)
    .filter((rule) => secretAccess(rule) !== undefined)
    .every((rule) => isStockRule(role, rule));
}

/** The index in a list of the object below which a field stands. */
function indexIn(at: Field, list: string): number | undefined {
  for (let here = at; here.parent !== undefined; here = here.parent) {
    const { key, parent } = here;
    if (typeof key === 'number' && parent.key === list && parent.parent?.parent === undefined) {
      return key;
    }
  }
  return undefined;
}
