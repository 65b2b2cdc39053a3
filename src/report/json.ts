import type { ScanReport } from '../scan/report.ts';

/** The documented, versioned contract: schema/hushgate-report.schema.json. */
export function json(report: ScanReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
