import { printable } from '../engine/safe-text.ts';
import type { ReportedFinding, ScanReport } from '../scan/report.ts';
import { counted } from './text.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly template?: string;
}

/** Whether something runs in a cluster, where there are no lines. */
export function isLive({ file }: Pick<Place, 'file'>): boolean {
  return file.startsWith('cluster:');
}

/** `deploy/web.yaml:9:33`, `<stdin>:9:33 (shop/templates/web.yaml)`, or the name of what runs. */
export function placeText(place: Place): string {
  const { file, line, column, template } = place;
  const from = template === undefined ? '' : ` (${template})`;
  return isLive(place) ? file : `${file}:${line}:${column}${from}`;
}

/** `Deployment shop/web`, `ClusterRole reader`. */
export function objectText({
  kind,
  namespace,
  name,
}: Pick<ReportedFinding, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** What was scanned: `3 objects in 2 files`, `3 objects in cluster prod`. */
export function scannedText({ summary, cluster }: Pick<ScanReport, 'summary' | 'cluster'>): string {
  const where =
    cluster === undefined ? counted(summary.files, 'file') : `cluster ${printable(cluster)}`;
  return `${counted(summary.objects, 'object')} in ${where}`;
}
