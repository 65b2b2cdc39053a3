// The values about the Pods and what stands around them.
import { Type } from 'typebox';
import { anyObject, bool, group, objects, port, strings, text, value } from './chart-value.ts';

export const pods = [
  value('replicas', 2, Type.Integer({ minimum: 1 }), 'Number of Pods; not read with autoscaling.'),
  value(
    'resources',
    { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    anyObject,
    'Resources. No CPU limit: throttling makes reviews late. The memory is for the largest reviews (24 MiB).',
  ),
  value(
    'hostNetwork',
    false,
    bool,
    "Run in the node's network, for clusters whose API server cannot reach Pods. Pod Security restricted does not allow it. A node holds one Pod then, so that an update takes one away before its successor comes: run at least 2.",
  ),
  value(
    'priorityClassName',
    '',
    text,
    'PriorityClass of the Pods; system-cluster-critical where failurePolicy is Fail.',
  ),
  value('nodeSelector', { 'kubernetes.io/os': 'linux' }, strings, 'Node selector.'),
  value('tolerations', [], objects, 'Tolerations.'),
  value('affinity', {}, anyObject, 'Affinity.'),
  value(
    'topologySpreadConstraints',
    [],
    objects,
    'Replaces the spread over nodes and zones that the chart sets.',
  ),
  value('imagePullSecrets', [], objects, 'Pull secrets: a list of {name}.'),
  value('podLabels', {}, strings, 'More labels of the Pods.'),
  value('podAnnotations', {}, strings, 'More annotations of the Pods.'),
  value('extraEnv', [], objects, 'More environment of the server, as in a container.'),
  group(
    'autoscaling',
    'HorizontalPodAutoscaler.',
    value('enabled', false, bool, 'Make one.'),
    value('minReplicas', 2, Type.Integer({ minimum: 1 }), 'Least number of Pods.'),
    value('maxReplicas', 5, Type.Integer({ minimum: 1 }), 'Greatest number of Pods.'),
    value(
      'targetCPUUtilizationPercentage',
      70,
      Type.Integer({ minimum: 1 }),
      'Use of the requested CPU at which Pods are added.',
    ),
  ),
  group(
    'podDisruptionBudget',
    'PodDisruptionBudget.',
    value('enabled', true, bool, 'Make one.'),
    value(
      'maxUnavailable',
      1,
      Type.Integer({ minimum: 1 }),
      'How many Pods may be evicted at a time.',
    ),
  ),
];

export const around = [
  group(
    'service',
    'The Service.',
    value(
      'ipFamilyPolicy',
      'PreferDualStack',
      Type.Enum(['SingleStack', 'PreferDualStack', 'RequireDualStack']),
      'IP families.',
    ),
    value('annotations', {}, strings, 'Annotations of the Service.'),
  ),
  group(
    'serviceAccount',
    'The ServiceAccount of the server.',
    value('name', '', text, 'Its name; made from the release where empty.'),
    value('annotations', {}, strings, 'Its annotations.'),
    value(
      'tokenAudience',
      '',
      text,
      "Audience of the token with which the server calls the API; the API server's default where empty. `kubectl get --raw /.well-known/openid-configuration` tells the issuer, which is an audience that it takes.",
    ),
  ),
  group(
    'networkPolicy',
    'NetworkPolicy of the Pods.',
    value('enabled', false, bool, 'Make one.'),
    value('metricsFrom', [], objects, 'Peers that may read the metrics; nobody where empty.'),
    value(
      'apiServerPorts',
      [443, 6443],
      Type.Array(port),
      'Ports of the API server that the server may call (tls.mode self).',
    ),
  ),
  group(
    'monitoring',
    'For the Prometheus Operator and Grafana.',
    value('serviceMonitor', false, bool, 'Make a ServiceMonitor.'),
    value('prometheusRule', false, bool, 'Make a PrometheusRule with the alerts.'),
    value('dashboard', false, bool, 'Make a ConfigMap with the Grafana dashboard.'),
    value(
      'labels',
      {},
      strings,
      'Labels of these three, such as the release that the operator selects.',
    ),
    value('interval', '30s', text, 'How often the metrics are read.'),
  ),
];
