import { listInto } from '../cluster/inventory.ts';
import { whereAndWho, type KubeConfigOptions } from '../cluster/kube-config.ts';
import { openReader } from '../cluster/reader.ts';
import type { Settings } from '../engine/settings.ts';
import { CUSTOM_WORKLOADS } from '../kubernetes/custom-workloads.ts';
import { SECRET } from '../kubernetes/resources.ts';
import { startClusterScan } from '../scan/cluster.ts';
import { policiesOnSecrets, wantedKinds, type ResourceName } from '../scan/kinds.ts';
import { REPORT_VERSION, type ScanReport } from '../scan/report.ts';
import { exceptedIn, modesOf } from '../scan/summary.ts';
import { progressOn } from './progress.ts';

export interface ClusterInput extends KubeConfigOptions {
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  readonly includeSecrets: boolean;
  /** Beside the well-known ones. */
  readonly customWorkloads: readonly ResourceName[];
  readonly chunkSize: number;
}

/** Judges what runs in a cluster. */
export async function scanCluster(input: ClusterInput, settings: Settings): Promise<ScanReport> {
  const { namespace, includeSecrets, customWorkloads, chunkSize } = input;
  const config = await whereAndWho(input);
  const context = config.getCurrentContext();
  const scan = startClusterScan({ settings, now: Date.now(), context });
  const progress = progressOn(process.stderr);
  await listInto(scan, openReader(config), {
    kinds: wantedKinds(settings, [...CUSTOM_WORKLOADS, ...customWorkloads], includeSecrets),
    namespace,
    named: customWorkloads,
    limit: chunkSize,
    onProgress: (kind, objects) => {
      progress.show(`${kind}: ${objects} judged`);
    },
  }).finally(progress.clear);
  const unasked = policiesOnSecrets(settings);
  if (!includeSecrets && unasked.length > 0)
    scan.note(SECRET, `Secrets were not asked for, so nothing is said of ${unasked.join(', ')}`);
  const { findings, errors, notes, access, objects, folded } = scan.finish();
  const excepted = exceptedIn(findings);
  return {
    version: REPORT_VERSION,
    cluster: context,
    summary: {
      ...{ files: 0, documents: 0, objects, ...modesOf(findings), excepted, baselined: 0 },
      ...{ errors: errors.length, templates: 0, ignored: 0, folded },
    },
    findings,
    errors,
    notes,
    access,
  };
}
