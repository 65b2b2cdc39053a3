import type { Facts } from '../../engine/facts.ts';
import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { CLUSTER_ROLE_BINDING, ROLE_BINDING } from '../../kubernetes/resources.ts';
import { audienceOf, type Audience } from '../../rbac/audience.ts';
import {
  boundRole,
  boundSubjects,
  type BoundRole,
  type BoundSubject,
} from '../../rbac/bindings.ts';
import { reachingVerbs } from '../../rbac/secret-access.ts';
import { verbGrants } from '../../rbac/rules.ts';

/**
 * Forbidden: a binding of a role that reaches secrets, named or not, to system:authenticated,
 *            system:serviceaccounts, system:serviceaccounts:<namespace> or a `default` ServiceAccount; a
 *            binding of any role to system:unauthenticated or system:anonymous.
 * Allowed:   roles that reach no Secret; the cluster's own system:public-info-viewer and kubeadm's
 *            cluster-info, known by name and content.
 * Not judged: a role that is neither built in nor known here, but for anonymous.
 * @see plugin/pkg/auth/authorizer/rbac/rbac.go: appliesToUser
 */
export const policy = {
  meta: {
    id: 'rbac-broad-subject',
    title: 'Secrets open to a crowd',
    practice: 'Least-privilege access',
    rationale:
      'Such a subject is no one in particular: whoever holds any login, any ServiceAccount or none at all, and every Pod that says nothing about its ServiceAccount, today and later.',
    remediation: 'Bind the ServiceAccount or the group of people that needs the access.',
    whenNotToUse:
      'There is no good reason to; for discovery data that is meant for everybody, grant an exception.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: {
      resources: [ROLE_BINDING, CLUSTER_ROLE_BINDING],
      operations: ['CREATE', 'UPDATE'],
    },
    needs: ['roles'],
    references: [
      {
        title: 'RBAC good practice: least privilege',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      },
      {
        title: 'Default roles and role bindings',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
      },
    ],
    messages: {
      subject: {
        message: '{subject} is {audience}, and gains {verbs} on secrets from {role}',
        fix: 'subjects: [{kind: ServiceAccount, name: "<the one that needs it>", namespace: "<its namespace>"}]',
      },
      anonymous: {
        message: '{subject} is {audience}, and gains all that {role} grants',
        fix: 'subjects: [{kind: ServiceAccount, name: "<the one that needs it>", namespace: "<its namespace>"}]',
      },
    },
  },

  *check(subject: Subject, _: unknown, facts: Facts): Iterable<Report | NotKnown> {
    const role = boundRole(subject, facts.roles);
    let hasCrowd = false;
    for (const bound of boundSubjects(subject)) {
      const audience = bound.identity === undefined ? undefined : audienceOf(bound.identity);
      if (bound.identity === undefined || audience === undefined) continue;
      if (!audience.anonymous) {
        hasCrowd = true;
        yield* gains(bound, audience, role);
      } else {
        yield {
          message: 'anonymous',
          at: bound.at,
          params: { subject: bound.text, audience: audience.text, role: role.text },
          referent: [bound.text, role.text],
        };
      }
    }
    if (hasCrowd && role.rules === undefined) {
      yield { unknown: 'roles', at: role.at, what: role.text };
    }
  },
} satisfies PolicyModule;

function* gains(
  { at, text }: BoundSubject,
  audience: Audience,
  { rules, text: role }: BoundRole,
): Iterable<Report> {
  const verbs = reachingVerbs(rules ?? []).map((verb) => literal(verb));
  if (verbs.length === 0) return;
  yield {
    message: 'subject',
    at,
    params: { subject: text, audience: audience.text, verbs: series(verbs), role },
    referent: [text, role],
    grants: verbGrants(verbs),
  };
}
