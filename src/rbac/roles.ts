import type { RoleFacts } from '../engine/facts.ts';
import { Field } from '../engine/field.ts';
import { CLUSTER_ROLE, ROLE } from '../kubernetes/resources.ts';
import { rulesOf, type PolicyRule } from './rules.ts';

type Labels = ReadonlyMap<string, string>;

interface KnownRole {
  readonly labels: Labels;
  readonly rules: readonly PolicyRule[];
  /** A ClusterRole with an aggregationRule: its rules are those of the roles that match. */
  readonly selectors: readonly LabelSelector[];
}

type LabelSelector = (labels: Labels) => boolean;

/** The role facts that follow from Roles and ClusterRoles at hand; objects of other kinds are passed over. */
export function rolesFrom(objects: Iterable<unknown>): RoleFacts {
  const roles = new Map<string, KnownRole>();
  const clusterRoles = new Map<string, KnownRole>();
  for (const object of objects) {
    const field = Field.root(object);
    const kind = roleKind(field);
    if (kind === undefined) continue;
    const name = field.at('metadata', 'name').text() ?? '';
    const namespace = field.at('metadata', 'namespace').text() ?? '';
    if (kind === 'Role') roles.set(`${namespace}/${name}`, knownRole(field));
    else clusterRoles.set(name, knownRole(field));
  }
  return {
    rules(kind, namespace, name) {
      if (kind === 'Role') return roles.get(`${namespace}/${name}`)?.rules;
      const role = clusterRoles.get(name);
      return role === undefined ? undefined : aggregated(role, [...clusterRoles.values()]);
    },
  };
}

/** Of the RBAC group only: other groups have kinds of these names too. */
function roleKind(field: Field): 'Role' | 'ClusterRole' | undefined {
  if (!field.isMap()) return undefined;
  const version = field.get('apiVersion').value;
  if (typeof version !== 'string' || !version.startsWith(`${ROLE.group}/`)) return undefined;
  const kind = field.get('kind').value;
  if (kind === ROLE.kind) return 'Role';
  return kind === CLUSTER_ROLE.kind ? 'ClusterRole' : undefined;
}

/**
 * A role's own rules and those of every ClusterRole that it selects, which may aggregate in turn (edit
 * goes into admin). What the aggregation controller comes to in several writes is told at once.
 */
function aggregated(role: KnownRole, all: readonly KnownRole[]): readonly PolicyRule[] {
  const included = new Set([role]);
  for (const { selectors } of included) {
    if (selectors.length === 0) continue;
    for (const other of all) {
      if (selectors.some((matches) => matches(other.labels))) included.add(other);
    }
  }
  return [...included].flatMap(({ rules }) => rules);
}

function knownRole(field: Field): KnownRole {
  const labels = field.at('metadata', 'labels').entries();
  return {
    labels: new Map(labels.map((label) => [String(label.key), label.text() ?? ''])),
    rules: rulesOf(field),
    selectors: field.at('aggregationRule', 'clusterRoleSelectors').items().map(labelSelector),
  };
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function labelSelector(selector: Field): LabelSelector {
  const wanted = selector.get('matchLabels').entries();
  const expressions = selector.get('matchExpressions').items();
  return (labels) =>
    wanted.every((label) => labels.get(String(label.key)) === (label.text() ?? '')) &&
    expressions.every((expression) => holds(expression, labels));
}

function holds(expression: Field, labels: Labels): boolean {
  const value = labels.get(expression.get('key').text() ?? '');
  const values = expression.get('values').items();
  const listed = values.some((item) => item.text() === value);
  switch (expression.get('operator').text()) {
    case 'In':
      return value !== undefined && listed;
    case 'NotIn':
      return value === undefined || !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
