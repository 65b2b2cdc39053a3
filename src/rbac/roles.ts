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

interface KnownRoles {
  /** By `namespace/name`. */
  readonly roles: ReadonlyMap<string, KnownRole>;
  readonly clusterRoles: ReadonlyMap<string, KnownRole>;
}

/** The role facts that follow from Roles and ClusterRoles at hand; objects of other kinds are passed over. */
export function rolesFrom(objects: Iterable<unknown>): RoleFacts {
  const { roles, clusterRoles } = readRoles(objects);
  return {
    rules(kind, namespace, name) {
      if (kind === 'Role') return roles.get(`${namespace}/${name}`)?.rules;
      const role = clusterRoles.get(name);
      if (role === undefined) return undefined;
      return included(role, clusterRoles).flatMap(({ rules }) => rules);
    },
  };
}

/**
 * What each ClusterRole takes in from others, as these have it themselves: not from roles that aggregate in
 * turn, whose rules the controller writes. By name; nothing for a role that aggregates none.
 */
export function inheritedRules(
  objects: Iterable<unknown>,
): (clusterRole: string) => readonly PolicyRule[] {
  const { clusterRoles } = readRoles(objects);
  return (name) => {
    const role = clusterRoles.get(name);
    if (role === undefined || role.selectors.length === 0) return [];
    return included(role, clusterRoles)
      .filter(({ selectors }) => selectors.length === 0)
      .flatMap(({ rules }) => rules);
  };
}

function readRoles(objects: Iterable<unknown>): KnownRoles {
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
  return { roles, clusterRoles };
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
 * A role and every ClusterRole that it selects, which may aggregate in turn (edit goes into admin). What
 * the aggregation controller comes to in several writes is told at once.
 */
function included(role: KnownRole, clusterRoles: KnownRoles['clusterRoles']): readonly KnownRole[] {
  const found = new Set([role]);
  for (const { selectors } of found) {
    if (selectors.length === 0) continue;
    for (const other of clusterRoles.values()) {
      if (selectors.some((matches) => matches(other.labels))) found.add(other);
    }
  }
  return [...found];
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
