import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError } from './errors.ts';
import { addFile, kubeconfigFiles, tokenFiles } from './kubeconfig-files.ts';

export interface KubeConfigOptions {
  /** Path of a kubeconfig file; without one as kubectl: KUBECONFIG, ~/.kube/config, the Pod's ServiceAccount. */
  readonly kubeconfig?: string;
  /** The file's current one unless named. */
  readonly context?: string;
}

/** What client-node falls back to when it finds nothing. */
const NOTHING_FOUND = 'http://localhost:8080';

/** Where the cluster is and as whom to go there; rejects with a ClusterError. */
export async function whereAndWho({ kubeconfig, context }: KubeConfigOptions): Promise<KubeConfig> {
  // A third of a second and 90 MB: for those alone who ask for a cluster.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.addAuthenticator(tokenFiles);
  const files = kubeconfigFiles(kubeconfig, process.env);
  if (files.length === 0) loadFromPod(config);
  for (const file of files) addFile(config, new KubeConfig(), file);
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      throw misconfigured(`the kubeconfig file has no context "${context}"`);
    }
    config.setCurrentContext(context);
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw misconfigured('the kubeconfig file names no current cluster');
  if (server === NOTHING_FOUND) {
    throw misconfigured(
      'no cluster: there is no kubeconfig file and this is not a Pod with a token',
    );
  }
  return config;
}

function loadFromPod(config: KubeConfig): void {
  try {
    config.loadFromDefault();
  } catch {
    throw misconfigured('none of the files in KUBECONFIG is there');
  }
}

const misconfigured = (message: string): ClusterError => new ClusterError('misconfigured', message);
