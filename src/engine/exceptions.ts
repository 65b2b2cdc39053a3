import type { Finding } from './finding.ts';
import type { Requester, Subject } from './subject.ts';

/**
 * A finding that its owner answers for until a day. Bound to the object by name and to a place in it,
 * never to what the author of the object writes in labels, annotations or ownerReferences.
 */
export interface Exception {
  readonly policies: readonly string[];
  readonly group: string;
  readonly kind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: { readonly exact: string } | { readonly prefix: string };
  /** Who must ask; always there with a name prefix. */
  readonly requestedBy?: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly paths: readonly PathPattern[];
  readonly owner: string;
  readonly reason: string;
  /** Milliseconds since the Unix epoch; from then on it does not count. */
  readonly expires: number;
}

/** Segments from the root; `*` matches any one. A finding below the place is meant too. */
export type PathPattern = readonly string[];

/**
 * Reads `spec.containers[app].env[*]`: list items by name or `[*]`, map keys with odd characters in
 * brackets, `*` alone for the whole object. Undefined where it cannot be read or names an index.
 */
export function parsePath(text: string): PathPattern | undefined {
  if (text === '*') return [];
  const segments: string[] = [];
  const segment = /(?:^|(?<=.)\.)([A-Za-z_][\w-]*)|\[([^[\]]+)\]/y;
  while (segment.lastIndex < text.length) {
    const match = segment.exec(text);
    const found = match?.[1] ?? match?.[2];
    if (found === undefined || /^\d+$/.test(found)) return undefined;
    segments.push(found);
  }
  return segments.length === 0 ? undefined : segments;
}

/** The first exception that covers a finding. */
export function exceptionFor(
  finding: Finding,
  subject: Subject,
  requester: Requester | undefined,
  exceptions: readonly Exception[],
  now: number,
): Exception | undefined {
  return exceptions.find(
    (exception) =>
      now < exception.expires &&
      exception.policies.includes(finding.policy) &&
      isAbout(exception, subject) &&
      isAskedBy(exception, requester) &&
      exception.paths.some((pattern) => covers(pattern, finding.stablePath)),
  );
}

function isAbout({ group, kind, namespace, name }: Exception, subject: Subject): boolean {
  if (group !== subject.group || kind !== subject.kind || namespace !== subject.namespace) {
    return false;
  }
  if (subject.name === '') return false;
  return 'exact' in name ? name.exact === subject.name : subject.name.startsWith(name.prefix);
}

function isAskedBy({ requestedBy, name }: Exception, requester: Requester | undefined): boolean {
  if (requestedBy === undefined) return 'exact' in name;
  if (requester === undefined) return false;
  return (
    requestedBy.users.includes(requester.username) ||
    requestedBy.groups.some((group) => requester.groups.includes(group))
  );
}

function covers(pattern: PathPattern, path: readonly string[]): boolean {
  return pattern.every((wanted, index) => {
    const segment = path[index];
    if (segment === undefined) return false;
    const bare = segment.startsWith('[') ? segment.slice(1, -1) : segment.slice(1);
    return wanted === '*' || wanted === bare;
  });
}
