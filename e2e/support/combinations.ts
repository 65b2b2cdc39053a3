// The main combinations of values, and what the strict profile may find in what they render.
import type { Values } from './chart.ts';

const monitoring = { serviceMonitor: true, prometheusRule: true, dashboard: true };
const caBundle = '-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n';

export const COMBINATIONS: Readonly<Record<string, Values>> = {
  defaults: {},
  'provided certificate': {
    tls: { mode: 'provided', provided: { secretName: 'provided', caBundle } },
  },
  'cert-manager': { tls: { mode: 'certManager' } },
  'cert-manager with an issuer': {
    tls: {
      mode: 'certManager',
      certManager: { issuerRef: { name: 'corporate', kind: 'ClusterIssuer' } },
    },
  },
  'Fail and strict': {
    webhook: {
      failurePolicy: 'Fail',
      timeoutSeconds: 5,
      excludedNamespaces: ['kube-system', 'cni'],
    },
    config: { profile: 'strict', controllerPods: 'enforce' },
    priorityClassName: 'system-cluster-critical',
  },
  'policies off': {
    config: {
      profile: 'permissive',
      policies: { 'secret-env-ref': { mode: false }, 'rbac-wildcard': { mode: 'off' } },
    },
  },
  'host network': {
    hostNetwork: true,
    server: { host: '0.0.0.0', port: 10260, metricsPort: 10261 },
  },
  everything: {
    monitoring,
    autoscaling: { enabled: true },
    networkPolicy: { enabled: true, metricsFrom: [{ namespaceSelector: {} }] },
    service: { annotations: { 'example.com/service': 'yes' } },
    serviceAccount: {
      annotations: { 'example.com/account': 'yes' },
      tokenAudience: 'https://kubernetes.default.svc.cluster.local',
    },
    image: { digest: `sha256:${'0'.repeat(64)}` },
    imagePullSecrets: [{ name: 'registry' }],
    tolerations: [{ operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    nodeSelector: { 'example.com/pool': 'system' },
    podLabels: { 'example.com/pod': 'yes' },
    podAnnotations: { 'example.com/pod': 'yes' },
    extraEnv: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=384' }],
    commonLabels: { 'example.com/team': 'platform' },
    commonAnnotations: { 'example.com/contact': 'platform' },
  },
};

/** `policy kind name path` of each finding that stands, with the reason. */
export const EXCEPTED: Readonly<Record<string, string>> = {
  'secret-unmanaged Secret hushgate-tls metadata.ownerReferences':
    'the server itself makes what is in it, and rotates it',
  'service-account-token-projection Deployment hushgate spec.template.spec.volumes[1].projected.sources[0].serviceAccountToken.audience':
    'for the API server, whose audience differs from cluster to cluster: serviceAccount.tokenAudience',
  'service-account-token-projection Job hushgate-uninstall spec.template.spec.volumes[0].projected.sources[0].serviceAccountToken.audience':
    'for the API server, whose audience differs from cluster to cluster: serviceAccount.tokenAudience',
};
