// Kinds of the operators that users may have, which the chart makes objects of; the stubs take any fields.
import { kubectl, kubectlWith } from './shell.ts';

const KINDS = [
  ['cert-manager.io', 'Certificate'],
  ['cert-manager.io', 'Issuer'],
  ['monitoring.coreos.com', 'ServiceMonitor'],
  ['monitoring.coreos.com', 'PrometheusRule'],
] as const;

const plural = (kind: string): string => `${kind.toLowerCase()}s`;
const names = KINDS.map(([group, kind]) => `${plural(kind)}.${group}`);

export async function defineOperatorKinds(): Promise<void> {
  for (const [group, kind] of KINDS) {
    const made = await kubectlWith(stub(group, kind), 'apply', '-f', '-');
    if (made.code !== 0) throw new Error(made.stderr);
  }
  await kubectl('wait', '--for=condition=Established', 'crd', ...names);
}

export async function removeOperatorKinds(): Promise<void> {
  await kubectl('delete', 'crd', '--ignore-not-found', ...names);
}

function stub(group: string, kind: string) {
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural(kind)}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural: plural(kind) },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
