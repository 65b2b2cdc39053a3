import type { PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { type PolicyRule, reachesEverything, rulesOf, secretGrants } from '../../rbac/rules.ts';
import { secretAccess, type SecretVerb } from '../../rbac/secret-access.ts';

const WRITING: readonly SecretVerb[] = ['create', 'update', 'patch', 'delete'];

/**
 * Forbidden: create, update, patch or delete on secrets without resourceNames.
 * Allowed:   update, patch and delete with resourceNames, and create with them, which is server-side
 *            apply of that name. deletecollection is told by rbac-secrets-list-watch.
 * @see apiserver pkg/endpoints/handlers/{patch,delete}.go: a patch answers with the object, a delete of
 *      one with a finalizer or with foreground propagation too, also with dryRun=All.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-write',
    title: 'Role that writes any Secret',
    practice: 'Least-privilege access',
    rationale:
      'Who changes any Secret changes what every workload trusts; who creates one of type `kubernetes.io/service-account-token` gets a lasting token of any ServiceAccount of the namespace; and update, patch and delete read too, since the answer can carry the Secret.',
    remediation:
      'Name the Secrets in `resourceNames`. A `create` cannot be bound to a name, but server-side apply can: `verbs: [create, patch]` with `resourceNames` lets it make and change those alone.',
    whenNotToUse:
      'For controllers that make Secrets as their purpose (cert-manager, External Secrets, Sealed Secrets). Grant each an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-secrets-list-watch', 'rbac-wildcard'],
    references: [
      {
        title: 'RBAC good practice: Kubernetes RBAC privilege escalation risks',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
      },
      {
        title: 'ServiceAccount token Secrets',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {verbs} on all secrets: it changes what every workload trusts, and the answer can carry the Secret, so it reads them too',
        fix: 'add resourceNames: ["<the Secrets it manages>"] to the rule',
      },
      create: {
        message:
          'this rule grants create on secrets: a Secret of type kubernetes.io/service-account-token gets a lasting token of any ServiceAccount here',
        fix: 'verbs: ["create", "patch"] with resourceNames: ["<the Secrets it manages>"], and kubectl apply --server-side',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const rule of rulesOf(subject.object)) {
      const granted = secretAccess(rule)?.unnamed ?? [];
      const verbs = WRITING.filter((verb) => granted.includes(verb)).map((verb) => literal(verb));
      if (verbs.length === 0) continue;
      yield {
        message: verbs.length === 1 && granted.includes('create') ? 'create' : 'rule',
        at: rule.at,
        params: { verbs: series(verbs) },
        referent: [],
        grants: secretGrants(rule, verbs),
        foldsInto: cause(rule),
      };
    }
  },
} satisfies PolicyModule;

/** Where a wildcard grants the writing, who tells of that wildcard: `*` in verbs lists Secrets as well. */
function cause(rule: PolicyRule): readonly string[] {
  if (reachesEverything(rule)) return ['rbac-wildcard'];
  return rule.verbs.includes('*') ? ['rbac-secrets-list-watch'] : [];
}
