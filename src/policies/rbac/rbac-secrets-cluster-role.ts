import type { PolicyModule } from '../../engine/policy.ts';
import { CLUSTER_ROLE } from '../../kubernetes/resources.ts';
import { reportUnnamedGet } from '../../rbac/unnamed-get.ts';

/**
 * Forbidden: get on secrets without resourceNames in a ClusterRole.
 * Allowed:   get with resourceNames. A rule that lists too is told by rbac-secrets-list-watch.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-cluster-role',
    title: 'ClusterRole that gets any Secret',
    practice: 'Least-privilege access',
    rationale:
      'A ClusterRole that reads Secrets without naming them is one ClusterRoleBinding away from every Secret of the cluster.',
    remediation:
      'Write a Role in the namespace that needs it, with `verbs: [get]` and `resourceNames`.',
    whenNotToUse:
      'For controllers that manage Secrets in every namespace as their purpose. Grant each an exception with an owner and an expiry.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-secrets-list-watch'],
    references: [
      {
        title: 'RBAC good practice: least privilege',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule of a ClusterRole grants get on all secrets: one ClusterRoleBinding makes it every Secret of the cluster',
        fix: 'a Role in the namespace that needs it, with verbs: ["get"] and resourceNames: ["<the Secrets it needs>"]',
      },
      wildcard: {
        message:
          '* in {fields} of this rule grants get on all secrets: one ClusterRoleBinding makes it every Secret of the cluster',
        fix: 'write out what is needed; for secrets apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["<the Secrets it needs>"], in a Role of the namespace that needs it',
      },
    },
  },

  check: reportUnnamedGet,
} satisfies PolicyModule;
