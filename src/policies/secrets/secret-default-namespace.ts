import type { PolicyModule, Report } from '../../engine/policy.ts';
import { SECRET } from '../../kubernetes/resources.ts';

/**
 * Forbidden: a Secret in the namespace `default`.
 * Allowed:   every other namespace; a manifest without a namespace, which the client's context decides.
 * Whoever may create pods in a namespace reads every Secret of it: the namespace is the boundary.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
 */
export const policy = {
  meta: {
    id: 'secret-default-namespace',
    title: 'Secret in the namespace default',
    practice: 'Namespace isolation',
    rationale:
      'Whoever may create a pod in a namespace reads every Secret of it. All that names no namespace lands in `default`: workloads of several teams, trials and tools share its Secrets, its roles and its service account.',
    remediation:
      'Create the Secret in the namespace of the workload that uses it, one for each application or team.',
    whenNotToUse: 'In a cluster of one team and one application, such as one on a laptop.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Role Based Access Control Good Practices: workload creation',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
      },
      {
        title: 'Namespaces: when to use multiple namespaces',
        url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#when-to-use-multiple-namespaces',
      },
    ],
    messages: {
      'default-namespace': {
        message:
          'this Secret is in the namespace default, where all that names no namespace lands: whoever may create a pod there reads it',
        fix: 'metadata: {namespace: <that of the workload that uses it>}',
      },
    },
  },

  *check(subject): Iterable<Report> {
    if (subject.namespace !== 'default') return;
    const at = subject.object.at('metadata', 'namespace');
    yield { message: 'default-namespace', at, params: {}, referent: [] };
  },
} satisfies PolicyModule;
