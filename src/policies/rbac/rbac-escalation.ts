import type { PolicyModule } from '../../engine/policy.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { ESCALATION, reportWays } from '../../rbac/ways.ts';

/**
 * Forbidden: bind and escalate on roles and clusterroles; impersonate on users, groups, serviceaccounts
 *            and userextras; approving CertificateSigningRequests; changing admission webhooks and
 *            policies; creating PersistentVolumes (hostPath); changing namespaces (their labels).
 * Allowed:   the same with resourceNames, but escalate, approving requests (their names are the author's
 *            choice), kubernetes.io signers, built-in roles that read Secrets, and system: users and
 *            groups; in a Role, what is in no namespace, since a RoleBinding grants nothing on it.
 * @see pkg/registry/rbac/escalation_check.go, apiserver pkg/endpoints/filters/impersonation.go
 */
export const policy = {
  meta: {
    id: 'rbac-escalation',
    title: 'Role that can give itself more',
    practice: 'Least-privilege access',
    rationale:
      'Who may bind or escalate roles, act as another user, approve client certificates, change admission webhooks or make hostPath volumes can come to read every Secret, whatever the rest of the role says.',
    remediation:
      'Leave these verbs to cluster administrators. Where a controller needs one, name what it may act on: `verbs: [bind]` with `resourceNames: [view]`.',
    whenNotToUse:
      'For controllers with one of these as their purpose: certificate approvers, CA injectors, storage provisioners, multi-tenancy operators. Grant each an exception with an owner and an expiry.',
    severity: 'critical',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-wildcard'],
    references: [
      {
        title: 'RBAC good practice: Kubernetes RBAC privilege escalation risks',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
      },
      {
        title: 'Privilege escalation prevention and bootstrapping',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {grants}: from there it is a step to every other permission, reading all secrets included',
        fix: 'remove it from the rule, or add resourceNames: ["<what it may act on>"] where a name restricts it',
      },
    },
  },

  *check(subject) {
    yield* reportWays(subject, ESCALATION);
  },
} satisfies PolicyModule;
