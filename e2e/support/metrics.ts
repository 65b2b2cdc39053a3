// What the replicas count, read through the API server.
import { api } from './api.ts';
import { NAMESPACE, serverPods } from './chart.ts';

/** The metrics of one Pod, as Prometheus reads them. */
export async function metricsOf(pod: string): Promise<string> {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod.replace('pod/', '')}:9090/proxy/metrics`;
  return String((await api({ method: 'GET', path })).body);
}

/** The sum of a counter over those of its labels in which `having` stands. */
export function total(metrics: string, counter: string, having = ''): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${counter}{`) && line.includes(having))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** How many reviews each Pod has answered. */
export async function reviewsByPod(): Promise<ReadonlyMap<string, number>> {
  const counted = (await serverPods()).map(async (pod): Promise<[string, number]> => {
    return [pod, total(await metricsOf(pod), 'hushgate_admission_requests_total')];
  });
  return new Map(await Promise.all(counted));
}
