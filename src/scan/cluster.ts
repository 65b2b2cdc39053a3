import type { RoleFacts } from '../engine/facts.ts';
import { judge, type JudgedFinding, type Verdict } from '../engine/judge.ts';
import type { Settings } from '../engine/settings.ts';
import { subjectOf, type Subject } from '../engine/subject.ts';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from '../kubernetes/resources.ts';
import { boundRole } from '../rbac/bindings.ts';
import { inheritedRules, rolesFrom } from '../rbac/roles.ts';
import { rulesOf, type PolicyRule } from '../rbac/rules.ts';
import { accessOf, type FoundBinding } from './access.ts';
import { isSame, type ResourceName, type ServedKind } from './kinds.ts';
import { byObject, fileOfKind, livePlace, withoutWeight } from './live.ts';
import { startOwners, type Owners } from './owners.ts';
import type { ReportedError, ReportedFinding, ReportedNote } from './report.ts';
import type { ScanResult } from './scan.ts';
import { toldFindings, toldGaps } from './told.ts';

export interface ClusterScanSettings {
  readonly settings: Settings;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The context of the kubeconfig file, by which a reader knows the cluster. */
  readonly context: string;
}

/** A resource type that is listed. */
export interface ListedKind extends ServedKind {
  readonly isWorkload: boolean;
  /** Listed for what others are judged by, not judged itself. */
  readonly factsOnly?: boolean;
}

export interface ClusterScanResult extends Omit<ScanResult, 'documents' | 'templates'> {
  /** Findings that are told at another object: the owner, the role that is aggregated. */
  readonly folded: number;
}

/**
 * Takes the objects of a cluster page by page, in the order of `wantedKinds`, and keeps of them what is
 * found, roles and bindings, and for each workload its uid and what it tells.
 */
export interface ClusterScan {
  add(kind: ListedKind, objects: readonly unknown[]): void;
  /** What could not be listed is not judged; what is `factsOnly` lacks to those that it decides. */
  fail(kind: ResourceName, message: string, factsOnly: boolean): void;
  note(kind: ResourceName, message: string): void;
  finish(): ClusterScanResult;
}

interface KnownRoles {
  readonly facts: RoleFacts;
  /** Whether there is no such role; false where roles could not be listed. */
  readonly lacks: (kind: 'Role' | 'ClusterRole', namespace: string, name: string) => boolean;
}

interface State {
  readonly given: ClusterScanSettings;
  readonly findings: ReportedFinding[];
  readonly errors: ReportedError[];
  readonly notes: ReportedNote[];
  readonly roles: { readonly kind: ListedKind; readonly subject: Subject }[];
  readonly bindings: FoundBinding[];
  readonly owners: Owners;
  readonly failed: ResourceName[];
  known: KnownRoles | undefined;
  objects: number;
  folded: number;
  past: number;
}

const ROLES: readonly ResourceName[] = [CLUSTER_ROLE, ROLE];
const BINDINGS: readonly ResourceName[] = [CLUSTER_ROLE_BINDING, ROLE_BINDING];
const REPLICA_SETS: ResourceName = { group: 'apps', resource: 'replicasets' };

/** Starts a scan. Pure but for its own memory: no I/O, no clock. */
export function startClusterScan(given: ClusterScanSettings): ClusterScan {
  const state: State = {
    given,
    findings: [],
    errors: [],
    notes: [],
    roles: [],
    bindings: [],
    owners: startOwners(),
    failed: [],
    known: undefined,
    objects: 0,
    folded: 0,
    past: 0,
  };
  return {
    add(kind, objects) {
      for (const object of objects) addObject(state, kind, object);
    },
    fail(kind, message, factsOnly) {
      state.failed.push(kind);
      const file = fileOfKind(given.context, kind);
      if (factsOnly) addNote(state, file, message);
      else state.errors.push({ reason: 'unreadable', file, line: 1, column: 1, message });
    },
    note(kind, message) {
      addNote(state, fileOfKind(given.context, kind), message);
    },
    finish: () => finish(state),
  };
}

function addObject(state: State, kind: ListedKind, object: unknown): void {
  const subject = subjectOf(object);
  const isAmong = (kinds: readonly ResourceName[]): boolean =>
    kinds.some((other) => isSame(other, kind));
  if (kind.factsOnly !== true) state.objects++;
  if (isAmong(ROLES)) {
    state.roles.push({ kind, subject: subjectOf(withoutWeight(object)) });
    return;
  }
  const { facts, lacks } = rolesSoFar(state);
  if (isAmong(BINDINGS)) addBinding(state, kind, subject, lacks);
  if (state.owners.isPast(subject)) {
    state.past++;
    state.owners.add(subject, [], []);
    return;
  }
  const verdict = judged(state, subject, facts);
  const told = kind.isWorkload
    ? state.owners.add(subject, verdict.findings, verdict.stock)
    : verdict.findings;
  tell(state, kind, subject, verdict, told);
}

/** The roles, which come first, judged by each other; from then on they are facts for all else. */
function rolesSoFar(state: State): KnownRoles {
  if (state.known !== undefined) return state.known;
  const objects = state.roles.map(({ subject }) => subject.object.value);
  const listed = rolesFrom(objects);
  const lacks: KnownRoles['lacks'] = (kind, namespace, name) =>
    !state.failed.some((failed) => isSame(failed, kind === 'Role' ? ROLE : CLUSTER_ROLE)) &&
    listed.rules(kind, namespace, name) === undefined;
  const facts: RoleFacts = {
    // A role that is not there grants nothing.
    rules: (...role) => listed.rules(...role) ?? (lacks(...role) ? [] : undefined),
  };
  state.known = { facts, lacks };
  const inherited = inheritedRules(objects);
  for (const { kind, subject } of state.roles.filter(({ kind: { factsOnly } }) => !factsOnly)) {
    const verdict = judged(state, subject, facts);
    const own = verdict.findings.filter(isOwn(subject, inherited));
    tell(state, kind, subject, verdict, own);
  }
  return state.known;
}

/** What a role has from roles that it aggregates is told at those. */
function isOwn(
  role: Subject,
  inherited: ReturnType<typeof inheritedRules>,
): (finding: JudgedFinding) => boolean {
  if (!role.object.get('aggregationRule').present) return () => true;
  const rules = rulesOf(role.object);
  const others = new Set(inherited(role.name).map(ruleText));
  return ({ path }) => {
    const index = /^rules\[(\d+)\]/.exec(path)?.[1];
    const rule = index === undefined ? undefined : rules[Number(index)];
    return rule === undefined || !others.has(ruleText(rule));
  };
}

function ruleText({ verbs, apiGroups, resources, resourceNames }: PolicyRule): string {
  return JSON.stringify([verbs, apiGroups, resources, resourceNames]);
}

function judged({ given }: State, subject: Subject, roles: RoleFacts): Verdict {
  return judge({ subject }, given.settings, { now: given.now, roles });
}

function tell(
  state: State,
  kind: ListedKind,
  subject: Subject,
  verdict: Verdict,
  told: readonly JudgedFinding[],
): void {
  const place = livePlace(state.given.context, kind, subject);
  state.folded += verdict.findings.length - told.length;
  state.findings.push(...toldFindings(told, subject, place));
  state.errors.push(...toldGaps(verdict, place));
}

function addBinding(
  state: State,
  kind: ListedKind,
  subject: Subject,
  lacks: KnownRoles['lacks'],
): void {
  const { file, position } = livePlace(state.given.context, kind, subject);
  const role = boundRole(subject, undefined);
  if (lacks(role.kind, subject.namespace, role.name)) {
    addNote(
      state,
      file,
      `binds ${role.text}, which is not there: it grants nothing until it is made`,
    );
    return;
  }
  const binding = subjectOf(withoutWeight(subject.object.value));
  state.bindings.push({ subject: binding, file, ...position(['roleRef']) });
}

function finish(state: State): ClusterScanResult {
  rolesSoFar(state);
  const { given, errors, notes, folded, objects, past } = state;
  if (past > 0) {
    const message = `ReplicaSets without replicas are left out (${past}): past revisions, of which nothing runs`;
    addNote(state, fileOfKind(given.context, REPLICA_SETS), message);
  }
  const roles = state.roles.map(({ subject }) => subject.object.value);
  const access = accessOf(state.bindings, roles);
  const findings = state.findings.toSorted(byObject);
  return { findings, errors, notes, access, objects, folded };
}

function addNote({ notes }: State, file: string, message: string): void {
  notes.push({ file, line: 1, column: 1, message });
}
