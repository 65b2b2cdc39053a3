import { isDeepStrictEqual } from 'node:util';
import type { JudgedFinding } from '../engine/judge.ts';
import { readManifest, type Manifest } from '../yaml/manifest.ts';
import type { Position } from '../yaml/positions.ts';
import { changed, type Change } from './change.ts';
import { editsFor, type Sheet } from './edit.ts';
import type { ExtraFix, Fix, Left, Plan } from './fix.ts';
import { envFile } from './fixes/env-file.ts';
import { mountReadOnly } from './fixes/mount-read-only.ts';
import { tokenAutomount } from './fixes/token-automount.ts';
import { volumeMode } from './fixes/volume-mode.ts';
import { NotEditable } from './place.ts';
import { edited, judged, sheetOf, type FixSettings, type JudgedObject } from './sheets.ts';

const FIXES: readonly Fix[] = [mountReadOnly, volumeMode, tokenAutomount, envFile];

/** A finding of a file, where it stands, and what is told of it. */
export interface Told {
  readonly finding: JudgedFinding;
  readonly position: Position;
  readonly words: readonly string[];
}

/** An object whose fields were changed, and the paths of what is written new, in its document. */
export interface ChangedObject {
  readonly document: number;
  readonly at: Change['at'];
  readonly changes: readonly Change[];
}

export interface FixResult {
  readonly text: string;
  readonly fixed: readonly Told[];
  readonly left: readonly Told[];
  readonly changed: readonly ChangedObject[];
}

/** A plan with paths from the root of a document. */
interface Placed extends Plan {
  readonly object: JudgedObject;
}

/** More plans than this are not tried one by one where they do not go together. */
const MOST_TRIED = 100;

/**
 * The text with each finding fixed that has one right answer. What is fixed was read and judged again: only
 * the intended fields differ, the intended findings are gone, and none is new. Pure.
 */
export function fixText(
  source: string,
  extras: readonly ExtraFix[],
  given: FixSettings,
): FixResult {
  const manifest = readManifest(source);
  if (manifest.unreadable.length > 0) return { text: source, fixed: [], left: [], changed: [] };
  const objects = judged(manifest, given);
  const sheets = manifest.documents.map(sheetOf);
  const answers = objects.map((object) => answersFor(object, sheets[object.document], extras));
  const plans = answers.flatMap((each) => each.plans);
  const attempt = (some: readonly Placed[]): string | undefined =>
    attempted({ source, manifest, objects, sheets, given }, some);
  const { text, kept } = most(source, plans, attempt);
  const told = (object: JudgedObject, finding: JudgedFinding, words: readonly string[]): Told => {
    const document = manifest.documents[object.document];
    return { finding, position: document?.place([...object.at, ...finding.keys]) ?? START, words };
  };
  const undone = plans.filter((plan) => !kept.includes(plan));
  return {
    text,
    fixed: kept.flatMap((plan) =>
      plan.findings.map((finding, at) => told(plan.object, finding, plan.advice.slice(at, at + 1))),
    ),
    left: [
      ...answers.flatMap(({ object, left }) =>
        left.map(({ finding, reason }) => told(object, finding, [reason])),
      ),
      ...undone.flatMap(({ object, findings }) =>
        findings.map((finding) => told(object, finding, [UNSURE])),
      ),
    ],
    changed: kept.map(({ object, changes }) => ({
      document: object.document,
      at: object.at,
      changes,
    })),
  };
}

const START = { line: 1, column: 1 };
const UNSURE = 'the edited text would not read as the same object with this change alone';

/** All plans, or else as many as go together. */
function most(
  source: string,
  plans: readonly Placed[],
  attempt: (some: readonly Placed[]) => string | undefined,
): { readonly text: string; readonly kept: readonly Placed[] } {
  if (plans.length === 0) return { text: source, kept: [] };
  const all = attempt(plans);
  if (all !== undefined) return { text: all, kept: plans };
  let text = source;
  let kept: readonly Placed[] = [];
  for (const plan of plans.slice(0, MOST_TRIED)) {
    const next = attempt([...kept, plan]);
    if (next === undefined) continue;
    text = next;
    kept = [...kept, plan];
  }
  return { text, kept };
}

interface Answers {
  readonly object: JudgedObject;
  readonly plans: readonly Placed[];
  readonly left: readonly Left[];
}

function answersFor(
  object: JudgedObject,
  sheet: Sheet | undefined,
  extras: readonly ExtraFix[],
): Answers {
  const plans: Placed[] = [];
  const left: Left[] = [];
  const placed = (change: Change): Change => ({ ...change, at: [...object.at, ...change.at] });
  const problem = (change: Change): string | undefined => problemOf(sheet, placed(change));
  for (const fix of FIXES) {
    if (fix.extra !== undefined && !extras.includes(fix.extra)) continue;
    // What an exception excuses was decided by somebody who knows the workload.
    const own = object.findings.filter(
      ({ policy, excuse }) => policy === fix.policy && excuse === undefined,
    );
    if (own.length === 0) continue;
    const wanted = new Map(own.map((finding) => [finding.path, finding]));
    for (const answer of fix.plans({ ...object, wanted, problem })) {
      if ('reason' in answer) {
        left.push(answer);
        continue;
      }
      const changes = answer.changes.map(placed);
      const [reason] = answer.changes.flatMap((change) => problem(change) ?? []);
      if (reason === undefined) plans.push({ ...answer, changes, object });
      else left.push(...answer.findings.map((finding) => ({ finding, reason })));
    }
  }
  return { object, plans, left };
}

function problemOf(sheet: Sheet | undefined, change: Change): string | undefined {
  if (sheet === undefined) return 'is not there in the text';
  try {
    editsFor(sheet, change);
    return undefined;
  } catch (error) {
    if (error instanceof NotEditable) return error.message;
    throw error;
  }
}

interface Before {
  readonly source: string;
  readonly manifest: Manifest;
  readonly objects: readonly JudgedObject[];
  readonly sheets: readonly (Sheet | undefined)[];
  readonly given: FixSettings;
}

/** The text after some plans, where it holds what they promise. */
function attempted(before: Before, plans: readonly Placed[]): string | undefined {
  const { source, manifest, sheets } = before;
  const edits = plans.flatMap(({ object: { document }, changes }) => {
    const written = manifest.documents[document]?.written;
    const sheet = sheets[document];
    if (written === undefined || sheet === undefined) return [];
    return changes.flatMap((change) => editsFor(sheet, change).map((edit) => ({ written, edit })));
  });
  const text = edited(source, edits);
  return holds(before, plans, text) ? text : undefined;
}

/** Whether a new text reads as the old with the changes of the plans alone, and is judged so. */
function holds(
  { manifest, objects, given }: Before,
  plans: readonly Placed[],
  text: string,
): boolean {
  const now = readManifest(text);
  const wanted = manifest.documents.map(({ value }, document) =>
    plans
      .filter(({ object }) => object.document === document)
      .flatMap(({ changes }) => changes)
      .reduce(changed, value),
  );
  const values = now.documents.map(({ value }) => value);
  if (now.unreadable.length > 0 || !isDeepStrictEqual(values, wanted)) return false;
  const again = judged(now, given);
  return objects.every((object, at) => {
    const gone = plans.filter((plan) => plan.object === object).flatMap(({ findings }) => findings);
    const expected = object.findings.filter((finding) => !gone.includes(finding));
    return (
      same(expected.map(print), again[at]?.findings.map(print) ?? []) &&
      same(object.gaps, again[at]?.gaps ?? [])
    );
  });
}

const print = ({ fingerprint }: JudgedFinding): string => fingerprint;

function same(one: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual(one.toSorted(), other.toSorted());
}
