// Every value of the chart: its default, its schema, what it does. values.yaml, values.schema.json and
// the table in the chart's README are written from this.
import { Type } from 'typebox';
import { configurationValue } from './chart-configuration.ts';
import { around, pods } from './chart-pod-values.ts';
import {
  anyObject,
  group,
  names,
  objects,
  port,
  seconds,
  strings,
  text,
  value,
  type ChartEntry,
} from './chart-value.ts';
import { CUSTOM_WORKLOADS } from '../../src/kubernetes/custom-workloads.ts';

const image = group(
  'image',
  'The image of the server, of the uninstall hook and of the test.',
  value('repository', 'ghcr.io/hushgate/hushgate', text, 'Registry and name.'),
  value('tag', '', text, "Tag; the chart's appVersion where empty."),
  value(
    'digest',
    '',
    Type.String({ pattern: '^(sha256:[0-9a-f]{64})?$' }),
    'Digest (sha256:…); wins over the tag.',
  ),
  value(
    'pullPolicy',
    'IfNotPresent',
    Type.Enum(['Always', 'IfNotPresent', 'Never']),
    'When it is pulled.',
  ),
);

const server = group(
  'server',
  'How the process runs.',
  value(
    'host',
    '::',
    text,
    'Address to listen on. `::` is IPv6 and IPv4; 0.0.0.0 for nodes without IPv6.',
  ),
  value('port', 8443, port, 'Port of the webhook in the Pod; with hostNetwork, on the node.'),
  value(
    'metricsPort',
    9090,
    port,
    'Port of /metrics (plain HTTP) in the Pod; with hostNetwork, on the node.',
  ),
  value(
    'logLevel',
    'info',
    Type.Enum(['error', 'warn', 'info', 'debug']),
    'Least level of the log. No level shows a value of a Secret.',
  ),
  value(
    'preStopSeconds',
    5,
    seconds,
    'How long a Pod that goes away waits before SIGTERM, so that it is out of the endpoints by then.',
  ),
  value('drainSeconds', 10, seconds, 'How long it goes on answering after SIGTERM.'),
  value('watchSeconds', 5, seconds, 'How often configuration and certificate are looked at.'),
);

const webhook = group(
  'webhook',
  'The ValidatingWebhookConfiguration.',
  value(
    'failurePolicy',
    'Ignore',
    Type.Enum(['Ignore', 'Fail']),
    'What the API server does when Hushgate does not answer. Ignore: the request passes unjudged, so an outage opens the door and breaks nothing. Fail: the request is refused, so nothing passes unjudged, and while no replica answers no Pod, Secret, ConfigMap or Role can be made or changed outside the excluded namespaces, add-ons of the cluster included: run at least 2 replicas on different nodes and exclude the namespaces that the cluster needs to start.',
  ),
  value(
    'timeoutSeconds',
    3,
    Type.Integer({ minimum: 1, maximum: 30 }),
    'How long the API server waits for an answer.',
  ),
  value(
    'excludedNamespaces',
    ['kube-system'],
    names,
    'Namespaces whose workloads are not judged (their Roles, Secrets and ConfigMaps are). The own namespace is left out of everything.',
  ),
  value(
    'excludedObjectNamespaces',
    [],
    names,
    'Namespaces whose Roles, RoleBindings, Secrets and ConfigMaps are not judged either.',
  ),
  value(
    'customWorkloads',
    CUSTOM_WORKLOADS,
    Type.Array(
      Type.Object(
        {
          group: Type.String({ minLength: 1 }),
          resource: Type.String({ pattern: '^[a-z0-9./-]+$' }),
        },
        { additionalProperties: false },
      ),
    ),
    'Custom kinds that hold pod templates, to be judged too: API group and plural. Those that a cluster does not have cost nothing. Never a wildcard.',
  ),
  value(
    'matchConditions',
    [],
    objects,
    'More matchConditions, beside those that keep out the API server itself, the scheduler and the nodes.',
  ),
  value('annotations', {}, strings, 'Annotations of the ValidatingWebhookConfiguration.'),
);

const tls = group(
  'tls',
  'The serving certificate.',
  value(
    'mode',
    'self',
    Type.Enum(['self', 'certManager', 'provided']),
    'self: the server makes and renews CA and certificate. certManager: cert-manager does. provided: a Secret of yours.',
  ),
  value(
    'life',
    '90d',
    Type.String({ pattern: '^([0-9]+[dhms])+$' }),
    'self: the life of CA and certificate; renewed at two thirds of it.',
  ),
  group(
    'certManager',
    'Read in mode certManager.',
    value(
      'issuerRef',
      {},
      anyObject,
      'Issuer of the certificate: name, kind, group. Where empty, the chart makes a self-signed Issuer and a CA.',
    ),
    value('duration', '2160h', text, 'Life of the certificate.'),
    value('renewBefore', '720h', text, 'How long before its end it is renewed.'),
  ),
  group(
    'provided',
    'Read in mode provided.',
    value(
      'secretName',
      '',
      text,
      'Secret of type kubernetes.io/tls in the release namespace, with tls.crt and tls.key.',
    ),
    value('caBundle', '', text, 'PEM of the CA that signed it.'),
  ),
);

/** In the order of values.yaml. */
export const CHART_VALUES: readonly ChartEntry[] = [
  value(
    'config',
    {},
    configurationValue,
    'The configuration, as in hushgate.yaml without apiVersion and kind. A change is picked up without a restart, within about a minute (the kubelet renews mounted ConfigMaps that often).',
  ),
  webhook,
  tls,
  image,
  server,
  ...pods,
  ...around,
  value('nameOverride', '', text, "In place of the chart's name in names."),
  value('fullnameOverride', '', text, 'In place of release and chart name in names.'),
  value('commonLabels', {}, strings, 'Labels of every object.'),
  value('commonAnnotations', {}, strings, 'Annotations of every object.'),
];
