import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal, name } from '../../engine/safe-text.ts';
import { NAMESPACE, SECRET, SECRET_MAKERS } from '../../kubernetes/resources.ts';

/**
 * Forbidden: a namespace of the input that holds Secrets (or objects that make them) and no NetworkPolicy
 *            that selects all pods, is for Ingress and has no ingress rule; or one beside it that lets in all.
 * Allowed:   a namespace without Secrets; any rules for single pods beside the default deny.
 * Told once a namespace: at its Namespace object, or at the first Secret where that is not in the input.
 */
export const policy = {
  meta: {
    id: 'network-isolation',
    title: 'Namespace with Secrets and without a default-deny NetworkPolicy',
    practice: 'Namespace isolation',
    rationale:
      'Without a NetworkPolicy every pod of the cluster reaches every other. Whoever takes over one of them talks to the pods that hold the Secrets, and to what those serve without a password since only friends were to reach it.',
    remediation:
      'Add a NetworkPolicy that selects all pods and lets in nothing, and beside it one for each connection that is meant.',
    whenNotToUse:
      'Where the network is closed by other means: a service mesh that denies by default, an AdminNetworkPolicy, policies of Cilium or Calico. The rules must be in the same input as the Secrets; where they are applied from elsewhere, grant an exception.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    scope: 'files',
    appliesTo: { resources: [NAMESPACE, SECRET, ...SECRET_MAKERS], operations: ['CREATE'] },
    needs: ['namespaces'],
    references: [
      {
        title: 'Network Policies: default deny all ingress traffic',
        url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic',
      },
    ],
    messages: {
      'no-default-deny': {
        message:
          'the namespace {namespace} holds Secrets and denies its pods no connection by default, so that every pod of the cluster reaches those that hold them',
        fix: 'kind: NetworkPolicy, spec: {podSelector: {}, policyTypes: [Ingress]}, and no other that lets in all',
      },
    },
  },

  *check(subject, _options, { namespaces }): Iterable<Report | NotKnown> {
    const { object } = subject;
    const at = object.at('metadata', subject.kind === NAMESPACE.kind ? 'name' : 'namespace');
    if (namespaces === undefined) {
      yield { unknown: 'namespaces', at, what: literal('whether the namespace is isolated') };
      return;
    }
    const namespace = namespaces.toldAt(subject);
    if (namespace === undefined || !namespaces.holdsSecrets(namespace)) return;
    if (namespaces.deniesIngress(namespace)) return;
    yield { message: 'no-default-deny', at, params: { namespace: name(at) }, referent: [] };
  },
} satisfies PolicyModule;
