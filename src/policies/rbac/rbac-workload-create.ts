import type { PolicyModule } from '../../engine/policy.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { reportWays, WORKLOAD_CREATE } from '../../rbac/ways.ts';

/**
 * Forbidden: create, update or patch on pods, replicationcontrollers, daemonsets, deployments,
 *            replicasets, statefulsets and cronjobs; create on jobs, whose template is then fixed.
 * Allowed:   the same with resourceNames, where a pipeline rolls out the workloads it names; delete and
 *            the scale subresource; podtemplates, which no controller runs.
 * @see pkg/apis/core/validation/validation.go: of a running Pod the image may change.
 */
export const policy = {
  meta: {
    id: 'rbac-workload-create',
    title: 'Role that runs Pods of its choice',
    practice: 'Least-privilege access',
    rationale:
      'A Pod may mount any Secret of its namespace and run as any ServiceAccount of it, so whoever creates or changes one, or its template, can read them all without any permission on secrets.',
    remediation:
      'Keep Secrets that such a role must not read in another namespace, and leave deploying to one pipeline with `resourceNames`.',
    whenNotToUse:
      'Where everyone who deploys into a namespace may read its Secrets, as a rule of the house.',
    severity: 'medium',
    modes: { baseline: 'audit', strict: 'warn' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-wildcard'],
    references: [
      {
        title: 'RBAC good practice: workload creation',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {grants}: whoever chooses what a Pod runs has the Secrets that it mounts, and a new one can mount each of the namespace',
        fix: 'for looking, verbs: ["get", "list", "watch"]; for rolling out, verbs: ["update", "patch"] with resourceNames: ["<the workloads it deploys>"]',
      },
    },
  },

  *check(subject) {
    yield* reportWays(subject, WORKLOAD_CREATE, () => true);
  },
} satisfies PolicyModule;
