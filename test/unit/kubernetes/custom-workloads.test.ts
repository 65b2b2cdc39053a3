import { describe, expect, it } from '@jest/globals';
import { fieldPath } from '../../../src/engine/path.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { CUSTOM_WORKLOADS } from '../../../src/kubernetes/custom-workloads.ts';
import { containers } from '../../../src/kubernetes/pod-template.ts';

const TEMPLATE = 'template.spec.containers[0]';
const LAID_OVER = 'spec.podTemplate.spec.containers[0]';
const REPLICAS = (kind: string): string => `spec.${kind}ReplicaSpecs.Worker.${TEMPLATE}`;

/** A place of each kind, by its CustomResourceDefinition, where a container or its variables stand. */
const PLACES: Readonly<Record<string, string>> = {
  'advancedcronjobs.apps.kruise.io': `spec.template.jobTemplate.spec.${TEMPLATE}`,
  'broadcastjobs.apps.kruise.io': `spec.${TEMPLATE}`,
  'clonesets.apps.kruise.io': `spec.${TEMPLATE}`,
  'daemonsets.apps.kruise.io': `spec.${TEMPLATE}`,
  'ephemeraljobs.apps.kruise.io': 'spec.template.ephemeralContainers[0]',
  'sidecarsets.apps.kruise.io': 'spec.containers[0]',
  'statefulsets.apps.kruise.io': `spec.${TEMPLATE}`,
  'uniteddeployments.apps.kruise.io': `spec.template.deploymentTemplate.spec.${TEMPLATE}`,
  'analysistemplates.argoproj.io': `spec.metrics[0].provider.job.spec.${TEMPLATE}`,
  'clusteranalysistemplates.argoproj.io': `spec.metrics[0].provider.job.spec.${TEMPLATE}`,
  'experiments.argoproj.io': `spec.templates[0].${TEMPLATE}`,
  'rollouts.argoproj.io': `spec.${TEMPLATE}`,
  'clusterworkflowtemplates.argoproj.io': 'spec.templates[0].container',
  'cronworkflows.argoproj.io': 'spec.workflowSpec.templates[0].script',
  'workflows.argoproj.io': 'spec.templates[0].containerSet.containers[0]',
  'workflowtemplates.argoproj.io': 'spec.templates[0].sidecars[0]',
  'eventsources.argoproj.io': 'spec.template.container',
  'sensors.argoproj.io': 'spec.template.container',
  'cronjobs.batch.volcano.sh': `spec.jobTemplate.spec.tasks[0].${TEMPLATE}`,
  'jobs.batch.volcano.sh': `spec.tasks[0].${TEMPLATE}`,
  'jobtemplates.flow.volcano.sh': `spec.tasks[0].${TEMPLATE}`,
  'jobsets.jobset.x-k8s.io': `spec.replicatedJobs[0].template.spec.${TEMPLATE}`,
  'scaledjobs.keda.sh': `spec.jobTargetRef.${TEMPLATE}`,
  'leaderworkersets.leaderworkerset.x-k8s.io':
    'spec.leaderWorkerTemplate.workerTemplate.spec.containers[0]',
  'configurations.serving.knative.dev': `spec.${TEMPLATE}`,
  'revisions.serving.knative.dev': 'spec.containers[0]',
  'services.serving.knative.dev': `spec.${TEMPLATE}`,
  'jobsinks.sinks.knative.dev': `spec.job.spec.${TEMPLATE}`,
  'containersources.sources.knative.dev': `spec.${TEMPLATE}`,
  'pipelineruns.tekton.dev': 'spec.pipelineSpec.tasks[0].taskSpec.steps[0]',
  'pipelines.tekton.dev': 'spec.tasks[0].taskSpec.steps[0]',
  'stepactions.tekton.dev': 'spec',
  'taskruns.tekton.dev': 'spec.taskSpec.steps[0]',
  'tasks.tekton.dev': 'spec.steps[0]',
  'eventlisteners.triggers.tekton.dev': `spec.resources.kubernetesResource.spec.${TEMPLATE}`,
  'triggertemplates.triggers.tekton.dev': 'spec.resourcetemplates[0].spec.taskSpec.steps[0]',

  'flinkbluegreendeployments.flink.apache.org': 'spec.template.spec.podTemplate.spec.containers[0]',
  'flinkdeployments.flink.apache.org': LAID_OVER,
  'jaxjobs.kubeflow.org': REPLICAS('jax'),
  'mpijobs.kubeflow.org': REPLICAS('mpi'),
  'notebooks.kubeflow.org': `spec.${TEMPLATE}`,
  'paddlejobs.kubeflow.org': REPLICAS('paddle'),
  'pytorchjobs.kubeflow.org': REPLICAS('pytorch'),
  'tfjobs.kubeflow.org': REPLICAS('tf'),
  'xgboostjobs.kubeflow.org': REPLICAS('xgb'),
  'rayclusters.ray.io': `spec.headGroupSpec.${TEMPLATE}`,
  'raycronjobs.ray.io': `spec.jobTemplate.rayClusterSpec.headGroupSpec.${TEMPLATE}`,
  'rayjobs.ray.io': `spec.rayClusterSpec.workerGroupSpecs[0].${TEMPLATE}`,
  'rayservices.ray.io': `spec.rayClusterConfig.headGroupSpec.${TEMPLATE}`,
  'clusterservingruntimes.serving.kserve.io': 'spec.containers[0]',
  'inferenceservices.serving.kserve.io': 'spec.predictor.model',
  'servingruntimes.serving.kserve.io': 'spec.containers[0]',
  'llminferenceserviceconfigs.serving.kserve.io': 'spec.worker.containers[0]',
  'llminferenceservices.serving.kserve.io': 'spec.template.containers[0]',
  'scheduledsparkapplications.sparkoperator.k8s.io': 'spec.template.executor',
  'sparkapplications.sparkoperator.k8s.io': 'spec.driver',
  'sparkconnects.sparkoperator.k8s.io': `spec.server.${TEMPLATE}`,
  'clustertrainingruntimes.trainer.kubeflow.org': `spec.template.spec.replicatedJobs[0].template.spec.${TEMPLATE}`,
  'trainingruntimes.trainer.kubeflow.org': `spec.template.spec.replicatedJobs[0].template.spec.${TEMPLATE}`,
  'trainjobs.trainer.kubeflow.org': 'spec.trainer',

  'agents.agent.k8s.elastic.co': 'spec.deployment.podTemplate.spec.containers[0]',
  'apmservers.apm.k8s.elastic.co': LAID_OVER,
  'beats.beat.k8s.elastic.co': 'spec.daemonSet.podTemplate.spec.containers[0]',
  'elasticsearches.elasticsearch.k8s.elastic.co': 'spec.nodeSets[0].podTemplate.spec.containers[0]',
  'enterprisesearches.enterprisesearch.k8s.elastic.co': LAID_OVER,
  'kafkabridges.kafka.strimzi.io': 'spec.template.bridgeContainer',
  'kafkaconnects.kafka.strimzi.io': 'spec.template.connectContainer',
  'kafkamirrormaker2s.kafka.strimzi.io': 'spec.template.connectContainer',
  'kafkanodepools.kafka.strimzi.io': 'spec.template.kafkaContainer',
  'kafkas.kafka.strimzi.io': 'spec.kafka.template.kafkaContainer',
  'kibanas.kibana.k8s.elastic.co': LAID_OVER,
  'logstashes.logstash.k8s.elastic.co': LAID_OVER,
  'elasticmapsservers.maps.k8s.elastic.co': LAID_OVER,
  'alertmanagers.monitoring.coreos.com': 'spec.containers[0]',
  'prometheusagents.monitoring.coreos.com': 'spec.containers[0]',
  'prometheuses.monitoring.coreos.com': 'spec.initContainers[0]',
  'thanosrulers.monitoring.coreos.com': 'spec.containers[0]',
  'instrumentations.opentelemetry.io': 'spec.java',
  'opampbridges.opentelemetry.io': 'spec',
  'opentelemetrycollectors.opentelemetry.io': 'spec',
  'targetallocators.opentelemetry.io': 'spec',
  'packageregistries.packageregistry.k8s.elastic.co': LAID_OVER,
  'clusters.postgresql.cnpg.io': 'spec',
  'poolers.postgresql.cnpg.io': `spec.${TEMPLATE}`,
};

/** An object with this at the place. */
function objectAt(place: string, value: object): object {
  const keys = place.split(/\.|(?=\[)/).toReversed();
  return keys.reduce<object>((inner, key) => (key === '[0]' ? [inner] : { [key]: inner }), value);
}

describe('a well-known custom kind', () => {
  const kinds = CUSTOM_WORKLOADS.map(({ group, resource }) => `${resource}.${group}`);

  it('stands in the list once, with a place below', () => {
    expect(kinds.toSorted()).toEqual(Object.keys(PLACES).sort());
  });

  it.each(kinds)('is read where it holds a container: %s', (kind) => {
    const place = PLACES[kind] ?? '';
    const secretKeyRef = { name: 'db', key: 'password' };
    const container = { name: 'app', env: [{ name: 'P', valueFrom: { secretKeyRef } }] };
    const apiVersion = `${kind.slice(kind.indexOf('.') + 1)}/v1`;
    const object = { apiVersion, kind: 'Any', metadata: {}, ...objectAt(place, container) };

    const found = [...containers(subjectOf(object))];
    expect(found.map(({ field }) => fieldPath(field))).toEqual([place]);
  });
});
