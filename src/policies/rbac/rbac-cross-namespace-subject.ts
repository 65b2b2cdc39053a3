import type { Facts } from '../../engine/facts.ts';
import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { ROLE_BINDING } from '../../kubernetes/resources.ts';
import { boundRole, boundSubjects, type BoundSubject } from '../../rbac/bindings.ts';
import { reachingVerbs } from '../../rbac/secret-access.ts';
import { verbGrants } from '../../rbac/rules.ts';

/**
 * Forbidden: a RoleBinding of a role that reaches secrets to another namespace's ServiceAccount, also
 *            written as a User system:serviceaccount:<namespace>:<name>.
 * Allowed:   a ServiceAccount of the binding's namespace, which is meant where none is written; users
 *            and groups; roles that reach no Secret. Groups of ServiceAccounts: rbac-broad-subject.
 * Not judged: a role that is neither built in nor known here.
 * @see plugin/pkg/auth/authorizer/rbac/rbac.go: appliesToUser
 */
export const policy = {
  meta: {
    id: 'rbac-cross-namespace-subject',
    title: "Another namespace's ServiceAccount reaches Secrets",
    practice: 'Namespace isolation',
    rationale:
      "A namespace is the border between teams. A binding to another namespace's ServiceAccount lets everyone who runs a Pod there, or gets a token there, reach this namespace's Secrets.",
    remediation:
      'Bind a ServiceAccount of the same namespace, or give the other namespace a Secret of its own.',
    whenNotToUse:
      'For a controller that serves several namespaces, bound in each that it serves. Grant each binding an exception with an owner and an expiry.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE_BINDING], operations: ['CREATE', 'UPDATE'] },
    needs: ['roles'],
    foldsInto: ['rbac-broad-subject'],
    references: [
      {
        title: 'Good practice for Secrets: restrict access',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#least-privilege-secrets',
      },
    ],
    messages: {
      subject: {
        message:
          '{subject} is of another namespace and gains {verbs} on secrets of this one from {role}',
        fix: 'subjects: [{kind: ServiceAccount, name: "<one of this namespace>"}]',
      },
    },
  },

  *check(subject: Subject, _: unknown, facts: Facts): Iterable<Report | NotKnown> {
    const foreign = boundSubjects(subject).filter((bound) => isForeign(bound, subject.namespace));
    if (foreign.length === 0) return;
    const role = boundRole(subject, facts.roles);
    if (role.rules === undefined) {
      yield { unknown: 'roles', at: role.at, what: role.text };
      return;
    }
    const verbs = reachingVerbs(role.rules).map((verb) => literal(verb));
    if (verbs.length === 0) return;
    for (const { at, text } of foreign) {
      yield {
        message: 'subject',
        at,
        params: { subject: text, verbs: series(verbs), role: role.text },
        referent: [text, role.text],
        grants: verbGrants(verbs),
      };
    }
  },
} satisfies PolicyModule;

/** A manifest may leave its own namespace to the command that applies it: then no other is known. */
function isForeign({ identity }: BoundSubject, namespace: string): boolean {
  if (identity?.kind !== 'ServiceAccount' || namespace === '') return false;
  return identity.namespace !== namespace;
}
