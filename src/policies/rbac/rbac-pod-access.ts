import type { PolicyModule } from '../../engine/policy.ts';
import { CLUSTER_ROLE, ROLE } from '../../kubernetes/resources.ts';
import { POD_ACCESS, reportWays } from '../../rbac/ways.ts';

/**
 * Forbidden: create or get on pods/exec, pods/attach and pods/portforward; update or patch on
 *            pods/ephemeralcontainers; any request through pods/proxy, services/proxy or nodes/proxy;
 *            also by `*`/exec, `*` in resources or verbs.
 * Allowed:   pods, pods/log and `pods/*`, which are other resources; resourceNames, but of nodes;
 *            nodes/proxy in a Role, since nodes are in no namespace.
 * @see pkg/registry/core/pod/rest/subresources.go: exec, attach and portforward answer GET and POST.
 */
export const policy = {
  meta: {
    id: 'rbac-pod-access',
    title: 'Role that enters running containers',
    practice: 'Least-privilege access',
    rationale:
      'Whoever runs a command in a container, or talks to it past the network policies, reads the Secrets mounted in it, with no permission on secrets and no trace of them in the audit log. A GET opens exec as a POST does, so a read-only role with `pods/exec` is none.',
    remediation:
      'Grant `pods/log` for looking, and entering containers to a group that is given for the length of an incident.',
    whenNotToUse:
      'For the role of the people on call and for tools that work by exec. Grant each an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [ROLE, CLUSTER_ROLE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['rbac-wildcard'],
    references: [
      {
        title: 'RBAC good practice: access to proxy subresource of Nodes',
        url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
      },
    ],
    messages: {
      rule: {
        message:
          'this rule grants {grants}: a way into running containers, where the mounted Secrets can be read',
        fix: 'for looking, resources: ["pods", "pods/log"], or of nodes ["nodes/metrics", "nodes/stats"], with verbs: ["get"]; else add resourceNames: ["<the pods it enters>"], which restrict all but nodes/proxy',
      },
    },
  },

  *check(subject) {
    yield* reportWays(subject, POD_ACCESS);
  },
} satisfies PolicyModule;
