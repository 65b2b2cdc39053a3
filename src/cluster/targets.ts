/** One object: its resource and its name. */
export interface Target {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural, as RBAC has it: `secrets`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

export const secretTarget = ({ namespace, name }: NamespacedName): Target => ({
  group: '',
  resource: 'secrets',
  namespace,
  name,
});

export const leaseTarget = ({ namespace, name }: NamespacedName): Target => ({
  group: 'coordination.k8s.io',
  resource: 'leases',
  namespace,
  name,
});

/** A ValidatingWebhookConfiguration. */
export const webhookTarget = (name: string): Target => ({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingwebhookconfigurations',
  name,
});
