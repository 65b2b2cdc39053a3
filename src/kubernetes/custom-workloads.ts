const of = (group: string, ...resources: readonly string[]) =>
  resources.map((resource) => ({ group, resource }));

/** Well-known custom kinds that hold pod templates: what the chart and a scan of a cluster ask for by default. */
export const CUSTOM_WORKLOADS: readonly { readonly group: string; readonly resource: string }[] = [
  ...of('apps.kruise.io', 'clonesets', 'daemonsets', 'statefulsets', 'broadcastjobs'),
  ...of('argoproj.io', 'rollouts', 'workflows', 'cronworkflows', 'workflowtemplates'),
  ...of('argoproj.io', 'clusterworkflowtemplates'),
  ...of('batch.volcano.sh', 'jobs'),
  ...of('jobset.x-k8s.io', 'jobsets'),
  ...of('kubeflow.org', 'mpijobs', 'pytorchjobs', 'tfjobs'),
  ...of('leaderworkerset.x-k8s.io', 'leaderworkersets'),
  ...of('ray.io', 'rayclusters', 'rayjobs', 'rayservices'),
  ...of('serving.knative.dev', 'configurations', 'revisions', 'services'),
  ...of('tekton.dev', 'pipelineruns', 'pipelines', 'taskruns', 'tasks'),
];
