import type { RoleFacts } from '../engine/facts.ts';
import { judge } from '../engine/judge.ts';
import type { Keys } from '../engine/path.ts';
import type { Settings } from '../engine/settings.ts';
import type { Subject } from '../engine/subject.ts';
import { namespacesSeen, type NamespacesSeen } from '../kubernetes/isolation.ts';
import { CLUSTER_ROLE, ROLE } from '../kubernetes/resources.ts';
import { rolesFrom } from '../rbac/roles.ts';
import { readManifest, type Manifest, type ManifestDocument } from '../yaml/manifest.ts';
import type { Position } from '../yaml/positions.ts';
import { accessOf, isBinding, type FoundBinding } from './access.ts';
import { isEnvironment, isEnvironmentName, readEnvironment } from './environment.ts';
import { etcdObject, hasEtcdKey } from './etcd-file.ts';
import { unknownKind } from './file-kinds.ts';
import { fileSubject, objectsIn, typeMeta, type Found } from './objects.ts';
import type { ReportedAccess, ReportedError, ReportedFinding, ReportedNote } from './report.ts';
import { isTemplate, renderedFrom, templateMessage, templateNotes } from './template.ts';
import { toldFindings, toldGaps } from './told.ts';

/** A file as it was read. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Named by the user, not met in a folder: then everything in it should be an object. */
  readonly named: boolean;
  /** From the standard input or a pipe: no file that could lie in Git. */
  readonly stream?: true;
  /** The folder of the chart whose template it is by its place. */
  readonly chart?: string;
}

export interface ScanSettings {
  readonly settings: Settings;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** What was found, before a baseline; in the order of the input. */
export interface ScanResult {
  readonly findings: readonly ReportedFinding[];
  readonly errors: readonly ReportedError[];
  readonly notes: readonly ReportedNote[];
  readonly access: ReportedAccess;
  readonly documents: number;
  readonly objects: number;
  readonly templates: number;
}

/** Takes files one by one and keeps of them only what is found, roles and bindings, and what waits for roles. */
export interface Scan {
  add(source: SourceText): void;
  finish(): ScanResult;
}

interface Waiting {
  readonly source: Pick<SourceText, 'file'>;
  readonly subject: Subject;
  readonly document: ManifestDocument;
  readonly at: Found['at'];
  /** The place of its findings among all. */
  readonly slot: number;
}

interface State {
  readonly given: ScanSettings;
  readonly found: (readonly ReportedFinding[])[];
  readonly errors: ReportedError[];
  readonly notes: ReportedNote[];
  readonly roles: unknown[];
  readonly namespaces: NamespacesSeen;
  readonly bindings: FoundBinding[];
  readonly waiting: Waiting[];
  readonly waits: (subject: Subject) => boolean;
  documents: number;
  objects: number;
  templates: number;
}

/** Starts a scan. Pure but for its own memory: no I/O, no clock. */
export function startScan(given: ScanSettings): Scan {
  const state: State = {
    given,
    found: [],
    errors: [],
    notes: [],
    roles: [],
    namespaces: namespacesSeen(),
    bindings: [],
    waiting: [],
    waits: waitsForRoles(given.settings),
    documents: 0,
    objects: 0,
    templates: 0,
  };
  return {
    add(source) {
      addSource(state, source);
    },
    finish() {
      const known = rolesFrom(state.roles);
      for (const item of state.waiting.splice(0)) tell(state, item, known);
      const { found, errors, notes, documents, objects, templates } = state;
      const access = accessOf(state.bindings, state.roles);
      return { findings: found.flat(), errors, notes, access, documents, objects, templates };
    },
  };
}

function addSource(state: State, source: SourceText): void {
  const environment = isEnvironmentFile(source);
  const manifest = environment ? readEnvironment(source.text) : readManifest(source.text);
  if (!environment && isTemplate(source, manifest)) {
    state.templates++;
    const message = templateMessage(source.chart);
    state.errors.push({ reason: 'template', file: source.file, line: 1, column: 1, message });
    return;
  }
  state.errors.push(...unreadableIn(source, manifest, environment));
  state.notes.push(...templateNotes(source, manifest));
  for (const document of manifest.documents) {
    if (document.value !== null) state.documents++;
    state.notes.push(...repeatedNotes(source, document));
    for (const object of objectsIn(document.value)) {
      addObject(state, source, document, object);
    }
  }
}

function addObject(
  state: State,
  source: SourceText,
  document: ManifestDocument,
  found: Found,
): void {
  const { at } = found;
  const value = etcdObject(source.file, found.value) ?? found.value;
  const problem = objectProblem(source, value);
  if (problem !== undefined) {
    const from = { file: source.file, ...renderedFrom(document.written?.text) };
    const told = { ...from, ...document.place(at), message: NO_OBJECT };
    if (problem === 'error') state.errors.push({ reason: 'not-an-object', ...told });
    else state.notes.push(told);
    return;
  }
  state.objects++;
  const subject = fileSubject(value, state.given.namespace, source);
  const unknown = unknownKind(subject);
  if (unknown !== undefined) {
    state.notes.push({ file: source.file, ...document.place([...at, 'kind']), message: unknown });
  }
  state.namespaces.add(subject);
  const slot = state.found.push([]) - 1;
  const item = { source: { file: source.file }, subject, document, at, slot };
  if (isRole(subject)) state.roles.push(subject.object.value);
  if (isBinding(subject)) {
    state.bindings.push({ subject, file: source.file, ...document.place([...at, 'roleRef']) });
  }
  const isTold = state.namespaces.toldAt(subject) !== undefined;
  if (isTold || state.waits(subject)) state.waiting.push(item);
  else tell(state, item, undefined);
}

function tell(
  { given, found, errors, namespaces }: State,
  item: Waiting,
  roles: RoleFacts | undefined,
): void {
  const { now, settings } = given;
  const facts = { now, namespaces, ...(roles === undefined ? {} : { roles }) };
  const { subject, source, document, at, slot } = item;
  const verdict = judge({ subject }, settings, facts);
  const position = (keys: Keys): Position => document.place([...at, ...keys]);
  const from = { file: source.file, ...renderedFrom(document.written?.text) };
  const place = { ...from, document: document.number, position };
  found[slot] = toldFindings(verdict.findings, subject, place);
  errors.push(...toldGaps(verdict, place));
}

const NO_OBJECT = 'is no Kubernetes object: it has no apiVersion and kind';

function objectProblem({ named, file }: SourceText, value: unknown): 'error' | 'note' | undefined {
  const has = typeMeta(value);
  if (has === 'both') return undefined;
  if (named) return 'error';
  return has === 'one' && !/(?:^|\/)Chart\.yaml$/.test(file) ? 'error' : 'note';
}

/** By its content, where it is not by its name: a file of variables may have any. */
function isEnvironmentFile({ file, text, named }: SourceText): boolean {
  return (isEnvironmentName(file) && !hasEtcdKey(text)) || (named && isEnvironment(text));
}

function unreadableIn(
  { file }: SourceText,
  { unreadable }: Manifest,
  environment: boolean,
): ReportedError[] {
  const what = environment ? 'variables that systemd reads' : 'YAML that Kubernetes reads';
  return unreadable.map(({ message, position, text }) => ({
    reason: 'syntax',
    file,
    ...renderedFrom(text),
    ...position,
    message: `is no ${what}: ${message}`,
  }));
}

function repeatedNotes(
  { file }: SourceText,
  { repeated, written }: ManifestDocument,
): ReportedNote[] {
  const message = 'this key stands twice in its map: Kubernetes takes the last one';
  return repeated.map((place) => ({ file, ...renderedFrom(written?.text), ...place, message }));
}

function isRole({ group, kind }: Subject): boolean {
  return [ROLE, CLUSTER_ROLE].some((role) => role.group === group && role.kind === kind);
}

function waitsForRoles({ policies }: Settings): (subject: Subject) => boolean {
  const kinds = policies
    .filter(({ policy }) => policy.meta.needs.includes('roles'))
    .flatMap(({ policy }) => policy.meta.appliesTo.resources);
  return ({ group, kind }) => kinds.some((one) => one.group === group && one.kind === kind);
}
