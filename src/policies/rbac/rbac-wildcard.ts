import type { PolicyModule, Report } from '../../engine/policy.ts';
import { literal, series } from '../../engine/safe-text.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { nameGrants, reachesEverything, rulesOf, wildcards, words } from '../../rbac/rules.ts';
import { grantsOf, WAYS } from '../../rbac/ways.ts';

/** Where these find something at the rule, the wildcard reads Secrets, and they tell of it. */
const READING = [
  'rbac-secrets-list-watch',
  'rbac-secrets-unnamed',
  'rbac-secrets-cluster-role',
] as const;

/** These tell of the resources that a rule names, so of a `*` in its verbs or groups too. */
const NAMING = [
  'rbac-secrets-write',
  'rbac-escalation',
  'rbac-pod-access',
  'rbac-token-request',
] as const;

const LISTS = ['verbs', 'apiGroups', 'resources'] as const;

/** What to write in place of a `*`: the lists without one stay as they are. */
const INSTEAD = {
  verbs: literal('verbs: ["get", "list", "watch"]'),
  apiGroups: literal('apiGroups: ["apps"]'),
  resources: literal('resources: ["deployments"]'),
} as const;

/**
 * Forbidden: `*` in verbs, resources or apiGroups of a rule on resources.
 * Allowed:   `*`/scale and the like, which is that subresource of every kind; `*`/`*` and pods/`*`, which
 *            the authorizer takes for no subresource at all; rules on nonResourceURLs.
 * @see pkg/apis/rbac/v1/evaluation_helpers.go: VerbMatches, APIGroupMatches, ResourceMatches.
 */
export const policy = {
  meta: {
    id: 'rbac-wildcard',
    title: 'Role with a wildcard',
    practice: 'Least-privilege access',
    rationale:
      'A `*` grants what exists today and whatever the next release or custom resource adds: nobody has read what it allows. In resources it covers Secrets and every subresource (`pods/exec`, `serviceaccounts/token`), in verbs also `impersonate`, `bind` and `escalate`.',
    remediation: 'Write out the verbs, resources and groups that are used.',
    whenNotToUse:
      'For an operator that owns every kind of its own API group, and for cluster administrators. Grant each an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: [...READING, ...NAMING],
    references: [
      {
        title: 'RBAC good practice: least privilege',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      },
    ],
    messages: {
      rule: {
        message:
          '* in {fields} of this rule grants what nobody has read, and whatever comes to exist later',
        fix: 'write out what is used, as {instead}',
      },
      reach: {
        message: '* in {fields} of this rule grants ways to Secrets: {grants}',
        fix: 'write out what is used, as {instead}',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const rule of rulesOf(subject.object)) {
      const fields = wildcards(rule);
      if (fields.length === 0 || rule.resources.length === 0) continue;
      const grants = grantsOf(rule, WAYS, subject);
      yield {
        message: grants.length === 0 ? 'rule' : 'reach',
        at: rule.at,
        params: {
          fields: series(fields),
          grants: series(grants),
          instead: series(
            LISTS.filter((list) => rule[list].includes('*')).map((list) => INSTEAD[list]),
          ),
        },
        referent: [],
        grants: [
          ...LISTS.flatMap((list) => words(rule, list).map((word) => [list, word] as const)),
          ...nameGrants(rule),
        ],
        foldsInto: reachesEverything(rule) ? READING : [...READING, ...NAMING],
      };
    }
  },
} satisfies PolicyModule;
