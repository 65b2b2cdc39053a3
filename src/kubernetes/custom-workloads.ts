const of = (group: string, ...resources: readonly string[]) =>
  resources.map((resource) => ({ group, resource }));

/**
 * Well-known custom kinds that hold pod templates, or containers, variables and volumes that go into one: what
 * the chart and a scan of a cluster ask for by default. By the CustomResourceDefinitions that each project
 * publishes; kinds that only its own controller makes are left to what they are made from.
 */
export const CUSTOM_WORKLOADS: readonly { readonly group: string; readonly resource: string }[] = [
  // Rollouts, Jobs and runs.
  ...of('apps.kruise.io', 'advancedcronjobs', 'broadcastjobs', 'clonesets', 'daemonsets'),
  ...of('apps.kruise.io', 'ephemeraljobs', 'sidecarsets', 'statefulsets', 'uniteddeployments'),
  ...of('argoproj.io', 'analysistemplates', 'clusteranalysistemplates', 'experiments', 'rollouts'),
  ...of('argoproj.io', 'clusterworkflowtemplates', 'cronworkflows', 'workflows'),
  ...of('argoproj.io', 'workflowtemplates', 'eventsources', 'sensors'),
  ...of('batch.volcano.sh', 'cronjobs', 'jobs'),
  ...of('flow.volcano.sh', 'jobtemplates'),
  ...of('jobset.x-k8s.io', 'jobsets'),
  ...of('keda.sh', 'scaledjobs'),
  ...of('leaderworkerset.x-k8s.io', 'leaderworkersets'),
  ...of('serving.knative.dev', 'configurations', 'revisions', 'services'),
  ...of('sinks.knative.dev', 'jobsinks'),
  ...of('sources.knative.dev', 'containersources'),
  ...of('tekton.dev', 'pipelineruns', 'pipelines', 'stepactions', 'taskruns', 'tasks'),
  ...of('triggers.tekton.dev', 'eventlisteners', 'triggertemplates'),

  // Learning and data.
  ...of('flink.apache.org', 'flinkbluegreendeployments', 'flinkdeployments'),
  ...of('kubeflow.org', 'jaxjobs', 'mpijobs', 'notebooks', 'paddlejobs', 'pytorchjobs', 'tfjobs'),
  ...of('kubeflow.org', 'xgboostjobs'),
  ...of('ray.io', 'rayclusters', 'raycronjobs', 'rayjobs', 'rayservices'),
  ...of('serving.kserve.io', 'clusterservingruntimes', 'inferenceservices', 'servingruntimes'),
  ...of('serving.kserve.io', 'llminferenceserviceconfigs', 'llminferenceservices'),
  ...of('sparkoperator.k8s.io', 'scheduledsparkapplications', 'sparkapplications'),
  ...of('sparkoperator.k8s.io', 'sparkconnects'),
  ...of('trainer.kubeflow.org', 'clustertrainingruntimes', 'trainingruntimes', 'trainjobs'),

  // What operators run.
  ...of('agent.k8s.elastic.co', 'agents'),
  ...of('apm.k8s.elastic.co', 'apmservers'),
  ...of('beat.k8s.elastic.co', 'beats'),
  ...of('elasticsearch.k8s.elastic.co', 'elasticsearches'),
  ...of('enterprisesearch.k8s.elastic.co', 'enterprisesearches'),
  ...of('kafka.strimzi.io', 'kafkabridges', 'kafkaconnects', 'kafkamirrormaker2s'),
  ...of('kafka.strimzi.io', 'kafkanodepools', 'kafkas'),
  ...of('kibana.k8s.elastic.co', 'kibanas'),
  ...of('logstash.k8s.elastic.co', 'logstashes'),
  ...of('maps.k8s.elastic.co', 'elasticmapsservers'),
  ...of('monitoring.coreos.com', 'alertmanagers', 'prometheusagents', 'prometheuses'),
  ...of('monitoring.coreos.com', 'thanosrulers'),
  ...of('opentelemetry.io', 'instrumentations', 'opampbridges', 'opentelemetrycollectors'),
  ...of('opentelemetry.io', 'targetallocators'),
  ...of('packageregistry.k8s.elastic.co', 'packageregistries'),
  ...of('postgresql.cnpg.io', 'clusters', 'poolers'),
];
