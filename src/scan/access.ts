import { cut, printable } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { CLUSTER_ROLE_BINDING, ROLE_BINDING } from '../kubernetes/resources.ts';
import { audienceOf } from '../rbac/audience.ts';
import type { BoundRole, Identity } from '../rbac/bindings.ts';
import { AGGREGATED_ROLES } from '../rbac/built-in-roles.ts';
import { rolesFrom } from '../rbac/roles.ts';
import { reachOf, type SecretReading } from '../rbac/secret-readers.ts';
import type {
  ReportedAccess,
  ReportedBinding,
  ReportedGap,
  ReportedGrant,
  ReportedReader,
  ReportedRole,
} from './report.ts';

/** A binding in the input, and the place of its roleRef. */
export interface FoundBinding {
  readonly subject: Subject;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function isBinding({ group, kind }: Subject): boolean {
  return [ROLE_BINDING, CLUSTER_ROLE_BINDING].some(
    (binding) => binding.group === group && binding.kind === kind,
  );
}

/** Who can read which Secrets, by these bindings, these roles and those that every cluster has. */
export function accessOf(
  bindings: readonly FoundBinding[],
  roles: readonly unknown[],
): ReportedAccess {
  const known = rolesFrom([...AGGREGATED_ROLES, ...roles]);
  const grants: ReportedGrant[] = [];
  const unknown: ReportedGap[] = [];
  for (const found of bindings) {
    const { role, identities, readings } = reachOf(found.subject, known);
    const by = { binding: bindingOf(found), role: roleOf(role) };
    const readers = identities.map(readerOf);
    if (readings === undefined) unknown.push(...readers.map((reader) => ({ reader, ...by })));
    for (const reader of readers)
      for (const reading of readings ?? [])
        grants.push({ reader, namespace: by.binding.namespace, ...readingOf(reading), ...by });
  }
  grants.sort((a, b) => compare(orderOf(a), orderOf(b)));
  return { bindings: bindings.length, grants, unknown };
}

function bindingOf({ subject, file, line, column }: FoundBinding): ReportedBinding {
  const { kind, namespace, name } = subject;
  return { kind: shown(kind), namespace: shown(namespace), name: shown(name), file, line, column };
}

function roleOf({ kind, name, isBuiltIn }: BoundRole): ReportedRole {
  return { kind, name: shown(name), builtIn: isBuiltIn };
}

function readerOf(identity: Identity): ReportedReader {
  const { kind, namespace, name } = identity;
  const audience = audienceOf(identity);
  return {
    kind,
    namespace: shown(namespace),
    name: shown(name),
    ...(audience === undefined ? {} : { standsFor: audience.text }),
  };
}

function readingOf({ names, verbs, ways }: SecretReading): SecretReading {
  return { names: names.map(shown), verbs, ways };
}

/** By reader, cluster-wide first, every Secret before named ones. */
function orderOf({ reader, namespace, names, binding }: ReportedGrant): readonly string[] {
  const { kind, namespace: own, name } = reader;
  return [kind, own, name, namespace, names.length === 0 ? '' : 'named', binding.name];
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

function shown(text: string): string {
  return printable(cut(text));
}
