import type { Facts } from '../../engine/facts.ts';
import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { CLUSTER_ROLE_BINDING } from '../../kubernetes/resources.ts';
import { boundRole, boundSubjects } from '../../rbac/bindings.ts';
import { READING_VERBS, unnamedVerbs } from '../../rbac/secret-access.ts';
import { verbGrants } from '../../rbac/rules.ts';

/**
 * Forbidden: a ClusterRoleBinding to a role that reads secrets without resourceNames.
 * Allowed:   a role that names its Secrets; a role that reads none; no subjects.
 * Not judged: a role that is neither built in nor known here.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-cluster-wide',
    title: 'Cluster-wide access to Secrets',
    practice: 'Least-privilege access',
    rationale:
      'A ClusterRoleBinding to a role that reads Secrets gives its subjects every Secret of every namespace, those of kube-system and of namespaces yet to be made included.',
    remediation:
      'Use a RoleBinding in each namespace that needs it, to a Role that names its Secrets.',
    whenNotToUse:
      'For cluster administrators and controllers that manage Secrets everywhere. Grant each binding an exception with an owner and an expiry.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: [CLUSTER_ROLE_BINDING], operations: ['CREATE', 'UPDATE'] },
    needs: ['roles'],
    foldsInto: ['rbac-broad-subject'],
    references: [
      {
        title: 'RBAC good practice: least privilege',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      },
    ],
    messages: {
      subject: {
        message:
          '{subject} gains {verbs} on every Secret of every namespace from {role}, also in namespaces yet to be made',
        fix: 'a RoleBinding in the namespace that needs it, to a Role with verbs: ["get"] and resourceNames',
      },
    },
  },

  *check(subject: Subject, _: unknown, facts: Facts): Iterable<Report | NotKnown> {
    const subjects = boundSubjects(subject);
    if (subjects.length === 0) return;
    const role = boundRole(subject, facts.roles);
    if (role.rules === undefined) {
      yield { unknown: 'roles', at: role.at, what: role.text };
      return;
    }
    const verbs = unnamedVerbs(role.rules).filter((verb) => READING_VERBS.has(verb));
    if (verbs.length === 0) return;
    const granted = verbs.map((verb) => literal(verb));
    for (const { at, text } of subjects) {
      yield {
        message: 'subject',
        at,
        params: { subject: text, verbs: series(granted), role: role.text },
        referent: [text, role.text],
        grants: verbGrants(granted),
      };
    }
  },
} satisfies PolicyModule;
