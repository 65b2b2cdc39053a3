import type { PolicyModule } from '../../engine/policy.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { reportWays, TOKEN_REQUEST } from '../../rbac/ways.ts';

/**
 * Forbidden: create on serviceaccounts/token, also as `*`/token or by a wildcard.
 * Allowed:   the same with resourceNames: the request's URL holds the ServiceAccount's name; create on
 *            serviceaccounts, which makes no token.
 * @see pkg/registry/core/serviceaccount/storage/token.go
 */
export const policy = {
  meta: {
    id: 'rbac-token-request',
    title: 'Role that issues tokens of any ServiceAccount',
    practice: 'Short-lived credentials',
    rationale:
      'A token of another ServiceAccount is all that this account may do, and it lives as long as its request asks, whatever becomes of this role. In kube-system that is every Secret of the cluster.',
    remediation: 'Name the ServiceAccounts whose tokens it needs in `resourceNames`.',
    whenNotToUse:
      'For controllers that issue tokens for others as their purpose. Grant each an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-wildcard'],
    references: [
      {
        title: 'RBAC good practice: token request',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {grants} without resourceNames: a token of any ServiceAccount in reach, with all that it may do',
        fix: 'add resourceNames: ["<the ServiceAccounts it issues tokens of>"] to the rule',
      },
    },
  },

  *check(subject) {
    yield* reportWays(subject, TOKEN_REQUEST);
  },
} satisfies PolicyModule;
