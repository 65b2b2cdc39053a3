import type { Finding } from './finding.ts';
import { cut, printable } from './safe-text.ts';
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

/** Exceptions that are about a finding: the first that counts, and the last that has ended. */
export interface ExceptionsFor {
  readonly holding?: Exception;
  readonly ended?: Exception;
}

/** What the configuration says of a finding at a moment. */
export function exceptionsFor(
  finding: Finding,
  { subject, requester }: { readonly subject: Subject; readonly requester?: Requester },
  exceptions: readonly Exception[],
  now: number,
): ExceptionsFor {
  const about = exceptions.filter(
    (exception) =>
      exception.policies.includes(finding.policy) &&
      isAbout(exception, subject) &&
      isAskedBy(exception, requester) &&
      exception.paths.some((pattern) => covers(pattern, finding.stablePath)),
  );
  const holding = about.find(({ expires }) => now < expires);
  if (holding !== undefined) return { holding };
  const [ended] = about.toSorted((a, b) => b.expires - a.expires);
  return ended === undefined ? {} : { ended };
}

/** For the message of a finding that an exception covered until it ended. */
export function endText({ owner, expires }: Exception): string {
  return `the exception of ${printable(cut(owner))} ended with ${lastDay(expires)} (UTC)`;
}

/** The end of its last day is the beginning of the next. */
export function lastDay(expires: number): string {
  return new Date(expires - 1).toISOString().slice(0, 10);
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
