import { defaultSettings } from '../../src/config/load.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { catalogue } from '../../src/policies/catalogue.ts';
import type { ReportContext } from '../../src/report/format.ts';
import { REPORT_VERSION, type ScanReport } from '../../src/scan/report.ts';
import { startScan } from '../../src/scan/scan.ts';
import { FIXTURE_DAY } from './fixtures.ts';

/** The report on files as given, in the namespace `shop` where they name none. */
export function reportOn(
  files: Readonly<Record<string, string>>,
  settings: Settings = defaultSettings(),
): ScanReport {
  const scan = startScan({ settings, now: FIXTURE_DAY, namespace: 'shop' });
  for (const [file, text] of Object.entries(files)) scan.add({ file, text, named: true });
  const { documents, objects, templates, ...told } = scan.finish();
  const count = (wanted: string): number =>
    told.findings.filter(({ mode }) => mode === wanted).length;
  return {
    version: REPORT_VERSION,
    summary: {
      files: Object.keys(files).length,
      documents,
      objects,
      deny: count('deny'),
      warn: count('warn'),
      audit: count('audit'),
      excepted: told.findings.filter(({ excuse }) => excuse === 'exception').length,
      baselined: 0,
      errors: told.errors.length,
      templates,
      ignored: 0,
    },
    ...told,
  };
}

/** With every policy, on the day of the fixtures. */
export const CONTEXT: ReportContext = {
  policies: catalogue.map(({ meta }) => meta),
  version: '1.2.3',
  colour: false,
  now: FIXTURE_DAY,
};
