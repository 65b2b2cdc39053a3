import type { Facts } from '../../engine/facts.ts';
import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal, quoteKey, series } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { CLUSTER_ROLE } from '../../kubernetes/resources.ts';
import { type PolicyRule, rulesOf, verbGrants } from '../../rbac/rules.ts';
import { reachingVerbs } from '../../rbac/secret-access.ts';

const TARGETS = ['view', 'edit', 'admin'] as const;

/**
 * Forbidden: a label rbac.authorization.k8s.io/aggregate-to-{view,edit,admin}: "true" on a ClusterRole
 *            that grants any verb on secrets, named or not.
 * Allowed:   the label on other rules; any other value of it; labels that other roles aggregate.
 * Not judged: the label on a role that aggregates in turn, where the roles it takes in are not known.
 * @see pkg/controller/clusterroleaggregation, and the selectors of the three roles in
 *      plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 */
export const policy = {
  meta: {
    id: 'rbac-aggregation',
    title: 'Access to Secrets aggregated into a built-in role',
    practice: 'Least-privilege access',
    rationale:
      'The rules of a ClusterRole with such a label are added to view, edit or admin: everyone who is bound to that role, in any namespace, gains them without a new binding. What goes into view goes into edit and admin too.',
    remediation: 'Leave the rules on Secrets out of the labelled ClusterRole.',
    whenNotToUse: 'Where the holders of edit and admin are meant to get the access.',
    severity: 'high',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: [CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: ['roles'],
    references: [
      {
        title: 'Aggregated ClusterRoles',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles',
      },
    ],
    messages: {
      label: {
        message:
          'label {label} adds {verbs} on secrets to ClusterRole {target}: all who are bound to it in any namespace gain that',
        fix: 'remove the label, or move the rules on secrets to a Role with resourceNames: ["<the Secrets it needs>"]',
      },
    },
  },

  *check(subject: Subject, _: unknown, facts: Facts): Iterable<Report | NotKnown> {
    const labels = subject.object.at('metadata', 'labels');
    const aggregating = TARGETS.map((target) => ({
      target: literal(target),
      at: labels.get(`rbac.authorization.k8s.io/aggregate-to-${target}`),
    })).filter(({ at }) => at.text() === 'true');
    if (aggregating.length === 0) return;
    const rules = grantedBy(subject, facts);
    if (rules === undefined) {
      const at = subject.object.get('aggregationRule');
      yield { unknown: 'roles', at, what: literal('what this role aggregates') };
      return;
    }
    const verbs = reachingVerbs(rules).map((verb) => literal(verb));
    if (verbs.length === 0) return;
    for (const { target, at } of aggregating) {
      const params = { label: quoteKey(at), target, verbs: series(verbs) };
      const grants = verbGrants(verbs);
      yield { message: 'label', at, params, referent: [], grants };
    }
  },
} satisfies PolicyModule;

/** The role's own rules; with an aggregationRule, those that it takes in as well. */
function grantedBy({ object, name }: Subject, { roles }: Facts): readonly PolicyRule[] | undefined {
  const own = rulesOf(object);
  if (!object.get('aggregationRule').present || reachingVerbs(own).length > 0) return own;
  return roles?.rules('ClusterRole', '', name);
}
