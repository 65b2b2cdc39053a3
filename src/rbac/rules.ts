import type { Field } from '../engine/field.ts';
import type { Grant } from '../engine/policy.ts';
import { join, literal, name, type SafeText } from '../engine/safe-text.ts';

/** One rule of a role, in the API's own terms. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

/** A rule where it stands in a Role or ClusterRole. */
export interface RuleField extends PolicyRule {
  readonly at: Field;
}

/**
 * The rules of a Role or ClusterRole. Rules on nonResourceURLs have no resources, so grant nothing here.
 * Read once for each object: many policies ask, and what is stock is asked for each finding.
 */
export function rulesOf(role: Field): readonly RuleField[] {
  return role.once(rulesOf, () => role.get('rules').items().map(ruleAt));
}

function ruleAt(at: Field): RuleField {
  return {
    at,
    verbs: strings(at.get('verbs')),
    apiGroups: strings(at.get('apiGroups')),
    resources: strings(at.get('resources')),
    resourceNames: strings(at.get('resourceNames')),
  };
}

/** A resource as the authorizer sees a request for it; `subresource` is empty for the object itself. */
export interface RequestedResource {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

export const SECRETS: RequestedResource = { group: '', resource: 'secrets', subresource: '' };

/** Whether a rule covers a resource, as `RuleAllows` of the RBAC authorizer decides it. */
export function coversResource(rule: PolicyRule, wanted: RequestedResource): boolean {
  return (
    coversGroup(rule, wanted.group) &&
    rule.resources.some((resource) => matchesResource(resource, wanted))
  );
}

/** Whether a rule covers an API group: `*`, or exactly (the core group is the empty text). */
export function coversGroup(rule: PolicyRule, wanted: string): boolean {
  return rule.apiGroups.some((group) => group === '*' || group === wanted);
}

// `*` matches every resource and subresource, `*/sub` that subresource of every resource, all else
// exactly; so `secrets/*` and `*/*` match nothing of Secrets.
// See ResourceMatches in pkg/apis/rbac/v1/evaluation_helpers.go.
function matchesResource(written: string, { resource, subresource }: RequestedResource): boolean {
  if (written === '*') return true;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  if (written === combined) return true;
  return subresource !== '' && written === `*/${subresource}`;
}

/** Whether a rule covers a verb: `*`, or exactly. */
export function coversVerb(rule: PolicyRule, verb: string): boolean {
  return rule.verbs.some((written) => written === '*' || written === verb);
}

/**
 * Whether resourceNames leave a request open. The authorizer compares them with the name in the request:
 * a request without one (a list, a POST) is let through by no resourceNames at all, or by an empty one.
 * See ResourceNameMatches in pkg/apis/rbac/v1/evaluation_helpers.go.
 */
export function isUnbound(rule: PolicyRule, requestHasName: boolean): boolean {
  if (rule.resourceNames.length === 0) return true;
  return !requestHasName && rule.resourceNames.includes('');
}

/** Whether `*` stands among the resources: then that is the cause of all that the rule reaches. */
export function reachesEverything(rule: PolicyRule): boolean {
  return rule.resources.includes('*');
}

/** The lists of a rule in which `*` stands. */
export function wildcards(rule: PolicyRule): SafeText[] {
  return (['verbs', 'resources', 'apiGroups'] as const)
    .filter((list) => rule[list].includes('*'))
    .map((list) => literal(list));
}

/** The words of one list of a rule, sorted and each once, so that their order makes no new finding. */
export function words(
  { at }: RuleField,
  list: 'verbs' | 'apiGroups' | 'resources' | 'resourceNames',
): readonly SafeText[] {
  return [...new Set(at.get(list).items().map(name))].sort();
}

/** The names that a rule is bound to, as grants; none is every name, while a name `*` is only that. */
export function nameGrants(rule: RuleField): Grant[] {
  const names = words(rule, 'resourceNames');
  if (names.length === 0) return [['resourceNames', literal('*')]];
  return names.map((text) => ['resourceNames', join(':', [literal('name'), text])]);
}

/** Verbs as grants. */
export function verbGrants(verbs: readonly SafeText[]): Grant[] {
  return verbs.map((verb) => ['verbs', verb]);
}

/** Verbs on secrets as grants of a rule, with how far the rule reaches: a wildcard more is a wider one. */
export function secretGrants(rule: PolicyRule, verbs: readonly SafeText[]): Grant[] {
  const { resources, apiGroups } = rule;
  return [
    ...verbGrants(verbs),
    ['resources', resources.includes('*') ? literal('*') : literal('secrets')],
    ['apiGroups', apiGroups.includes('*') ? literal('*') : literal('core')],
  ];
}

function strings(list: Field): string[] {
  return list.items().flatMap((item) => item.text() ?? []);
}
