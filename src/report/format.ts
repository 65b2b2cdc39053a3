import type { PolicyMeta } from '../engine/policy.ts';
import type { ScanReport } from '../scan/report.ts';
import { github } from './github.ts';
import { html } from './html/html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { policyReport } from './policyreport.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

export const FORMATS = [
  'pretty',
  'json',
  'sarif',
  'junit',
  'github',
  'policyreport',
  'html',
] as const;
export type Format = (typeof FORMATS)[number];

/** What a report needs to know beside the findings. */
export interface ReportContext {
  readonly policies: readonly PolicyMeta[];
  /** The version of this program. */
  readonly version: string;
  readonly colour: boolean;
  /** The columns of the terminal, where the report goes to one. */
  readonly width?: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** The text of a report; it ends with a newline. Pure. */
export function render(format: Format, report: ScanReport, context: ReportContext): string {
  switch (format) {
    case 'pretty':
      return pretty(report, context);
    case 'json':
      return json(report);
    case 'sarif':
      return sarif(report, context);
    case 'junit':
      return junit(report);
    case 'github':
      return github(report);
    case 'policyreport':
      return policyReport(report);
    case 'html':
      return html(report, context);
  }
}
