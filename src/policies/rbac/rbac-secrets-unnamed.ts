import type { PolicyModule } from '../../engine/policy.ts';
import { ROLE } from '../../kubernetes/resources.ts';
import { reportUnnamedGet } from '../../rbac/unnamed-get.ts';

/**
 * Forbidden: get on secrets without resourceNames in a Role.
 * Allowed:   get with resourceNames. A rule that lists too is told by rbac-secrets-list-watch.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-unnamed',
    title: 'Role that gets every Secret of its namespace',
    practice: 'Least-privilege access',
    rationale:
      'Without `resourceNames`, `get` reaches every Secret of the namespace by its name, and names are guessed, or read from pods and their events.',
    remediation: 'Name the Secrets: `resourceNames: [db-credentials]` with `verbs: [get]`.',
    whenNotToUse:
      'For controllers whose Secrets are not known beforehand. Grant each an exception with an owner and an expiry.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-secrets-list-watch'],
    references: [
      {
        title: 'Referring to resources by name',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants get on all secrets of the namespace: it has no resourceNames to say which ones are needed',
        fix: 'add resourceNames: ["<the Secrets it needs>"] to the rule',
      },
      wildcard: {
        message: '* in {fields} of this rule grants get on all secrets of the namespace',
        fix: 'write out what is needed; for secrets apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["<the Secrets it needs>"]',
      },
    },
  },

  check: reportUnnamedGet,
} satisfies PolicyModule;
