import { printable } from '../engine/safe-text.ts';
import type { ReportedFinding, ScanReport } from '../scan/report.ts';
import { counted } from './text.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly template?: string;
}

type Scanned = Pick<ScanReport, 'cluster'>;

/** Whether a cluster was scanned, where there are no lines. A file may have any name, so that tells nothing. */
export function isLive({ cluster }: Scanned): boolean {
  return cluster !== undefined;
}

/** `deploy/web.yaml:9:33`, `<stdin>:9:33 (shop/templates/web.yaml)`, or the name of what runs. */
export function placeText({ file, line, column, template }: Place, scanned: Scanned): string {
  const from = template === undefined ? '' : ` (${template})`;
  return isLive(scanned) ? file : `${file}:${line}:${column}${from}`;
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
export function scannedText({ summary, cluster }: Scanned & Pick<ScanReport, 'summary'>): string {
  const where =
    cluster === undefined ? counted(summary.files, 'file') : `cluster ${printable(cluster)}`;
  return `${counted(summary.objects, 'object')} in ${where}`;
}
