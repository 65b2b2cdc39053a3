import { CLUSTER_ROLE } from '../kubernetes/resources.ts';
import type { AdmissionRequest } from './review.ts';

const serviceAccount = (name: string): string => `system:serviceaccount:kube-system:${name}`;

/** Those who make pods from templates: a closed list, since add-ons run in kube-system too. */
const WORKLOAD_CONTROLLERS: ReadonlySet<string> = new Set([
  serviceAccount('cronjob-controller'),
  serviceAccount('daemon-set-controller'),
  serviceAccount('deployment-controller'),
  serviceAccount('job-controller'),
  serviceAccount('replicaset-controller'),
  serviceAccount('replication-controller'),
  serviceAccount('statefulset-controller'),
  'system:kube-controller-manager',
]);

const MADE_FROM_TEMPLATES: ReadonlySet<string> = new Set(['/Pod', 'apps/ReplicaSet', 'batch/Job']);

const AGGREGATION_CONTROLLERS: ReadonlySet<string> = new Set([
  serviceAccount('clusterrole-aggregation-controller'),
  'system:kube-controller-manager',
]);

/**
 * A Pod, ReplicaSet or Job that a built-in controller makes from a template that was judged itself.
 * Known by the user whom the API server authenticated, never by ownerReferences, which anybody writes.
 */
export function isMadeFromTemplate({ group, kind, requester }: AdmissionRequest): boolean {
  return (
    WORKLOAD_CONTROLLERS.has(requester.username) && MADE_FROM_TEMPLATES.has(`${group}/${kind}`)
  );
}

/** The rules of an aggregated ClusterRole, written by their controller: judged where they come from. */
export function isAggregation({ group, kind, requester }: AdmissionRequest): boolean {
  return (
    AGGREGATION_CONTROLLERS.has(requester.username) &&
    group === CLUSTER_ROLE.group &&
    kind === CLUSTER_ROLE.kind
  );
}
