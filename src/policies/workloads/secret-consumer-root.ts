import type { PolicyModule, Report } from '../../engine/policy.ts';
import { series, type SafeText } from '../../engine/safe-text.ts';
import {
  containerOf,
  containerText,
  type Container,
  type PodTemplate,
} from '../../kubernetes/container.ts';
import { isWindows, rootUser } from '../../kubernetes/pod-security.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import { secretReferences } from '../../kubernetes/secret-references.ts';
import { secretMounts, secretText } from '../../kubernetes/secret-volumes.ts';

/**
 * Forbidden: a container that gets a Secret (env, envFrom, a mounted secret, projected or Secrets Store
 *            CSI volume) and may run as root: neither `runAsNonRoot: true` nor a `runAsUser` other than 0,
 *            each of the container over the pod's.
 * Allowed:   a root container without a Secret. Windows pods. In a custom kind that has only parts of a
 *            pod template, whatever is not said.
 * One finding for each container: what it gets counts as granted, so that to take a Secret away makes no new
 * one, and to add one does.
 */
export const policy = {
  meta: {
    id: 'secret-consumer-root',
    title: 'Root container that gets a Secret',
    practice: 'Files, not environment variables',
    rationale:
      'A file mode keeps nothing from root. A flaw in a program that runs as root gives its attacker every Secret of the container, whatever their modes, and the way out to the node and the Secrets of its other pods is shorter.',
    remediation:
      'Set `runAsNonRoot: true` and, if the image names no user by number, `runAsUser`, in the securityContext of the pod or container; `fsGroup` lets the process read volumes with mode 0440.',
    whenNotToUse:
      'For node agents that must be root, and for pods in a user namespace (`hostUsers: false`), whose root is nobody on the node. Grant each an exception with an owner and an expiry.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Configure a security context',
        url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
      },
      {
        title: 'Pod Security Standards: running as non-root',
        url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
      },
    ],
    messages: {
      root: {
        message: '{container} gets {secrets} and runs as root: file modes keep nothing from it',
        fix: 'securityContext: {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001} in the pod spec, and no runAsUser: 0 below it',
      },
      'may-be-root': {
        message:
          '{container} gets {secrets} and may run as root, if its image says so: file modes keep nothing from root',
        fix: 'securityContext: {runAsNonRoot: true} in the pod spec, with runAsUser: 10001 if the image names no user by number',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const template of podTemplates(subject)) {
      if (isWindows(template)) continue;
      for (const [container, secrets] of consumers(template)) {
        const root = rootUser(template, container);
        if (root === undefined) continue;
        const sorted = [...secrets].sort();
        yield {
          message: root.certain ? 'root' : 'may-be-root',
          at: root.at,
          ...containerOf(container),
          params: { container: containerText(container), secrets: series(sorted) },
          referent: [containerText(container)],
          grants: sorted.map((secret) => ['secrets', secret]),
        };
      }
    }
  },
} satisfies PolicyModule;

/** What each container gets, each Secret or CSI volume once. */
function consumers(template: PodTemplate): ReadonlyMap<Container, ReadonlySet<SafeText>> {
  const gets = new Map<Container, Set<SafeText>>();
  const add = (container: Container, secret: SafeText): void => {
    gets.set(container, (gets.get(container) ?? new Set()).add(secret));
  };
  for (const { secret, container } of secretReferences(template)) {
    if (container !== undefined) add(container, secretText(secret));
  }
  for (const { container, referent } of secretMounts(template)) {
    for (const secret of referent) add(container, secret);
  }
  return gets;
}
