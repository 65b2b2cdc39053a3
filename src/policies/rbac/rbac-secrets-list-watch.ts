import type { PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series, type SafeText } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import type { Facts } from '../../engine/facts.ts';
import { boundRole, boundSubjects } from '../../rbac/bindings.ts';
import { CLUSTER_ROLE, ROLE, ROLE_BINDING } from '../../kubernetes/resources.ts';
import { rulesOf, secretGrants, wildcards } from '../../rbac/rules.ts';
import { secretAccess, unnamedVerbs, type SecretVerb } from '../../rbac/secret-access.ts';

const LISTING: readonly SecretVerb[] = ['list', 'watch', 'deletecollection'];

/**
 * Forbidden: list, watch or deletecollection on secrets without resourceNames, by name or wildcard, in
 *            a Role or ClusterRole; a RoleBinding to a built-in role that grants them.
 * Allowed:   get with resourceNames; list and watch with resourceNames (a `metadata.name` selector);
 *            secrets/status, secrets/* and secrets of other API groups, which are not Secrets.
 * @see pkg/apis/rbac/v1/evaluation_helpers.go: an empty resourceName binds no list, a wildcard counts.
 */
export const policy = {
  meta: {
    id: 'rbac-secrets-list-watch',
    title: 'Role that lists or watches Secrets',
    practice: 'Least-privilege access',
    rationale:
      'The answer to list, watch and deletecollection holds every Secret with its data, so one such verb reads all Secrets of the namespace, now and in the future, whether or not `get` is granted.',
    remediation: 'Grant `get` on the Secrets that are needed, by `resourceNames`.',
    whenNotToUse:
      'For controllers that manage Secrets as their purpose (cert-manager, External Secrets, Argo CD). Grant each an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: {
      resources: [ROLE, CLUSTER_ROLE, ROLE_BINDING],
      operations: ['CREATE', 'UPDATE'],
    },
    needs: [],
    foldsInto: ['rbac-broad-subject'],
    references: [
      {
        title: 'RBAC good practice: listing Secrets',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {verbs} on all secrets: the answer holds every Secret in reach, with its data',
        fix: 'verbs: ["get"] with resourceNames: ["<the Secrets it needs>"]',
      },
      wildcard: {
        message:
          '* in {fields} of this rule grants {verbs} on all secrets, with their data, and whatever else * stands for',
        fix: 'write out what is needed; for secrets apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["<the Secrets it needs>"]',
      },
      binding: {
        message:
          '{subject} gains {verbs} on all secrets of this namespace from {role}: the answer holds every Secret, with its data',
        fix: 'bind ClusterRole view, which leaves Secrets out, and a Role that gets the needed ones by resourceNames',
      },
    },
  },

  *check(subject: Subject, _: unknown, facts: Facts): Iterable<Report> {
    if (subject.kind === ROLE_BINDING.kind) yield* judgeBinding(subject, facts);
    else yield* judgeRules(subject);
  },
} satisfies PolicyModule;

function listing(granted: readonly SecretVerb[]): readonly SafeText[] {
  return LISTING.filter((verb) => granted.includes(verb)).map((verb) => literal(verb));
}

function* judgeRules(role: Subject): Iterable<Report> {
  for (const rule of rulesOf(role.object)) {
    const verbs = listing(secretAccess(rule)?.unnamed ?? []);
    if (verbs.length === 0) continue;
    const fields = wildcards(rule);
    yield {
      message: fields.length === 0 ? 'rule' : 'wildcard',
      at: rule.at,
      params: { verbs: series(verbs), fields: series(fields) },
      referent: [],
      grants: secretGrants(rule, verbs),
    };
  }
}

/** Roles of one's own are judged where they are written; the built-in ones never come by as new. */
function* judgeBinding(binding: Subject, facts: Facts): Iterable<Report> {
  const role = boundRole(binding, facts.roles);
  if (!role.isBuiltIn) return;
  const verbs = listing(unnamedVerbs(role.rules ?? []));
  if (verbs.length === 0) return;
  for (const { at, text } of boundSubjects(binding)) {
    yield {
      message: 'binding',
      at,
      params: { subject: text, verbs: series(verbs), role: role.text },
      referent: [text, role.text],
    };
  }
}
