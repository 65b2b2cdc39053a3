import type { PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { nameGrants, rulesOf, verbGrants, words } from '../../rbac/rules.ts';
import { secretAccess } from '../../rbac/secret-access.ts';

/**
 * Forbidden: list or watch on secrets with resourceNames.
 * Allowed:   get with resourceNames. Without resourceNames rbac-secrets-list-watch tells it.
 * @see apiserver pkg/endpoints/request/requestinfo.go: the name of a list is its `metadata.name` field
 *      selector, so a named list or watch reads the named Secrets and no others.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-named-list',
    title: 'Role that lists named Secrets',
    practice: 'Least-privilege access',
    rationale:
      'With `resourceNames`, list and watch work for a request with the field selector `metadata.name` alone, and its answer holds the Secret: they grant what `get` grants, but read as if they showed names only, and the audit log shows them as lists.',
    remediation: 'Grant `get`, and have the program get the Secret by name or mount it.',
    whenNotToUse:
      'For programs that watch one Secret by its name to learn of a rotation. Turn the policy off, or grant an exception.',
    severity: 'low',
    modes: { baseline: 'off', strict: 'warn' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-secrets-list-watch', 'rbac-wildcard'],
    references: [
      {
        title: 'Referring to resources by name',
        url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {verbs} on Secrets {names}: with a metadata.name field selector that reads them as get does',
        fix: 'verbs: ["get"]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const rule of rulesOf(subject.object)) {
      const named = secretAccess(rule)?.named ?? [];
      const verbs = (['list', 'watch'] as const).filter((verb) => named.includes(verb));
      if (verbs.length === 0) continue;
      const granted = verbs.map((verb) => literal(verb));
      const names = words(rule, 'resourceNames');
      yield {
        message: 'rule',
        at: rule.at,
        params: { verbs: series(granted), names: series(names) },
        referent: [],
        grants: [...verbGrants(granted), ...nameGrants(rule)],
      };
    }
  },
} satisfies PolicyModule;
