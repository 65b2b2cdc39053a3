import type { Settings } from '../engine/settings.ts';
import { inputsOf } from '../scan/files.ts';
import { REPORT_VERSION, type ReportedError, type ScanReport } from '../scan/report.ts';
import { startScan } from '../scan/scan.ts';
import { exceptedIn, modesOf } from '../scan/summary.ts';

export interface FilesInput {
  readonly paths: readonly string[];
  readonly recursive: boolean;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** Judges files, folders and the standard input. */
export async function scanFiles(
  { paths, recursive, namespace }: FilesInput,
  settings: Settings,
): Promise<ScanReport> {
  const judged = startScan({ settings, now: Date.now(), namespace });
  const errors = [];
  const notes = [];
  let files = 0;
  let ignored = 0;
  for await (const input of inputsOf(paths, recursive, process.stdin)) {
    if (input.type === 'ignored') ignored++;
    else if (input.type === 'note') notes.push(input.note);
    else files++;
    if (input.type === 'source') judged.add(input.source);
    if (input.type === 'error') errors.push(input.error);
  }
  if (files === 0 && errors.length === 0) errors.push(...paths.map(nothingIn));
  const { documents, objects, templates, ...result } = judged.finish();
  errors.push(...result.errors);
  notes.push(...result.notes);
  const { findings, access } = result;
  const excepted = exceptedIn(findings);
  const summary = { files, documents, objects, ...modesOf(findings), excepted, baselined: 0 };
  return {
    version: REPORT_VERSION,
    summary: { ...summary, errors: errors.length, templates, ignored },
    findings,
    errors,
    notes,
    access,
  };
}

/** A folder without a single manifest is a mistake in the command, not a clean one. */
function nothingIn(file: string): ReportedError {
  const message = 'has no manifest to scan (.yaml, .yml, .json); -R looks into the folders below';
  return { reason: 'unreadable', file, line: 1, column: 1, message };
}
