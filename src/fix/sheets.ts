import { judge, type JudgedFinding } from '../engine/judge.ts';
import type { Settings } from '../engine/settings.ts';
import type { Subject } from '../engine/subject.ts';
import { objectsIn, subjectIn, typeMeta } from '../scan/objects.ts';
import type { Manifest, ManifestDocument, Written } from '../yaml/manifest.ts';
import type { Path } from './change.ts';
import { indentsOf, type Edit, type Sheet } from './edit.ts';
import { sharedIn } from './place.ts';

/** What files are judged by, as in a scan. */
export interface FixSettings {
  readonly settings: Settings;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** An object of a file as it was judged, and where it stands. */
export interface JudgedObject {
  /** The index of its document. */
  readonly document: number;
  readonly at: Path;
  readonly subject: Subject;
  readonly findings: readonly JudgedFinding[];
  /** What could not be judged, by fingerprint. */
  readonly gaps: readonly string[];
}

/** Every object of a manifest with its findings. Roles of other files do not count here: no fix is about them. */
export function judged({ documents }: Manifest, given: FixSettings): readonly JudgedObject[] {
  return documents.flatMap(({ value }, document) =>
    objectsIn(value)
      .filter((object) => typeMeta(object.value) === 'both')
      .map((object) => {
        const subject = subjectIn(object.value, given.namespace);
        const { findings, unjudged } = judge({ subject }, given.settings, { now: given.now });
        const gaps = unjudged.map(({ fingerprint }) => fingerprint);
        return { document, at: object.at, subject, findings, gaps };
      }),
  );
}

/** The text of a document, made ready for edits. */
export function sheetOf({ written }: ManifestDocument): Sheet | undefined {
  if (written === undefined) return undefined;
  const { root, text } = written;
  return { root, text, shared: sharedIn(root), indents: indentsOf(text, root) };
}

/** A file's text after edits of its documents; line ends are those of the line that is edited. */
export function edited(
  source: string,
  edits: readonly { readonly written: Written; readonly edit: Edit }[],
): string {
  const starts = lineStarts(source);
  const offset = (written: Written, at: number): number => {
    const { line, column } = written.place(at);
    return (starts[line - 1] ?? 0) + column - 1;
  };
  const placed = edits
    .map(({ written, edit }) => ({
      start: offset(written, edit.start),
      end: offset(written, edit.end),
      edit,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end || b.edit.column - a.edit.column);
  let text = '';
  let at = 0;
  for (const [index, { start, end, edit }] of placed.entries()) {
    const before = placed[index - 1];
    const again = before?.start === start ? before.edit.several : undefined;
    const isAgain = again !== undefined && again === edit.several;
    if (isAgain && again === 'once') continue;
    text +=
      source.slice(at, start) +
      (isAgain ? ',' : '') +
      edit.text.replaceAll('\n', lineEndAt(source, start));
    at = Math.max(at, end);
  }
  return text + source.slice(at);
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}

function lineEndAt(source: string, offset: number): string {
  const after = source.indexOf('\n', offset);
  const end = after === -1 ? source.lastIndexOf('\n') : after;
  return source[end - 1] === '\r' ? '\r\n' : '\n';
}
