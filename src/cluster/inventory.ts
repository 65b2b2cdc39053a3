// Brings what runs in a cluster to a scan, kind by kind and page by page.
import { CLUSTER_ROLE, CONFIG_MAP, NAMESPACE, SECRET } from '../kubernetes/resources.ts';
import type { ClusterScan } from '../scan/cluster.ts';
import { isSame, kindText, type ResourceName, type WantedKind } from '../scan/kinds.ts';
import { discover } from './discovery.ts';
import { ClusterError } from './errors.ts';
import { pagesOf } from './pages.ts';
import type { Reader } from './reader.ts';

export interface InventoryOptions {
  /** In the order in which they are listed. */
  readonly kinds: readonly WantedKind[];
  /** The one namespace that is meant; undefined for all, and for what is in none. */
  readonly namespace: string | undefined;
  /** Kinds that the user named: that a server has none is worth a word. */
  readonly named: readonly ResourceName[];
  /** Objects in a page. */
  readonly limit: number;
  /** What is being listed, and how much of it has come. */
  readonly onProgress: (kind: string, objects: number) => void;
}

/** Objects of these may hold up to a MiB each. */
const LARGE: readonly ResourceName[] = [CONFIG_MAP, SECRET];
const LARGE_SHARE = 5;

/**
 * Lists every wanted kind that the server has. One that cannot be listed is told to the scan, and the others
 * go on, unless the server is gone. Rejects with a ClusterError where nothing can be listed: no server, no credentials, no namespace.
 */
export async function listInto(
  scan: ClusterScan,
  read: Reader,
  options: InventoryOptions,
): Promise<void> {
  const isThere = await checkNamespace(read, options.namespace);
  const find = await discover(read);
  let judged = 0;
  let failed = false;
  for (const [index, wanted] of options.kinds.entries()) {
    try {
      const served = await find(wanted);
      if (served !== undefined)
        judged += await listKind(scan, read, { ...served, ...wanted }, options);
      else if (options.named.some((named) => isSame(named, wanted)))
        scan.note(wanted, `the server has no ${kindText(wanted)}`);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.problem === 'unauthenticated') throw error;
      if (error.problem === 'unreachable') {
        // The reader has been patient already: each further kind would only wait as long.
        const rest = options.kinds
          .slice(index + 1)
          .map(kindText)
          .join(', ');
        scan.fail(wanted, `${error.message}; after that nothing was asked for: ${rest}`, false);
        return;
      }
      const factsOnly = options.namespace !== undefined && isSame(wanted, CLUSTER_ROLE);
      scan.fail(wanted, error.message, factsOnly);
      failed ||= !factsOnly;
    }
  }
  if (judged === 0 && !failed) tellEmpty(scan, options, isThere);
}

/** As with kubectl, a namespace that is there may be empty; no cluster is, and a misspelt namespace only seems so. */
function tellEmpty(
  scan: ClusterScan,
  { kinds, namespace }: InventoryOptions,
  isThere: boolean,
): void {
  if (kinds.length === 0) {
    scan.fail(
      NAMESPACE,
      'no kind was asked for: every policy on those that are listed is off',
      false,
    );
  } else if (namespace === undefined) {
    scan.fail(NAMESPACE, 'the server has no object of the kinds that are judged', false);
  } else if (isThere) {
    scan.note(NAMESPACE, `namespace "${namespace}" has no object of the kinds that are judged`);
  } else {
    scan.fail(
      NAMESPACE,
      `nothing was found in namespace "${namespace}", and whether it is there may not be asked: check its name, or grant the verb "get" on the resource "namespaces"`,
      false,
    );
  }
}

type Listed = Parameters<ClusterScan['add']>[0];

/** How many objects of a kind there are to be judged. */
async function listKind(
  scan: ClusterScan,
  read: Reader,
  kind: Listed,
  { namespace, limit, onProgress }: InventoryOptions,
): Promise<number> {
  const isOutside = namespace !== undefined && !kind.namespaced;
  // The bindings of a namespace are judged by the ClusterRoles that they name.
  if (isOutside && !isSame(kind, CLUSTER_ROLE)) return 0;
  const listed = isOutside ? { ...kind, factsOnly: true } : kind;
  const isLarge = LARGE.some((large) => isSame(large, kind));
  const share = isLarge ? Math.ceil(limit / LARGE_SHARE) : limit;
  const scope = namespace === undefined ? {} : { namespace };
  let count = 0;
  onProgress(kindText(kind), count);
  for await (const page of pagesOf(read, kind, { ...scope, limit: share })) {
    scan.add(listed, page);
    count += page.length;
    onProgress(kindText(kind), count);
  }
  return isOutside ? 0 : count;
}

/** Whether it is known to be there: a misspelt namespace is empty like a clean one. Who may not ask is believed. */
async function checkNamespace(read: Reader, namespace: string | undefined): Promise<boolean> {
  if (namespace === undefined) return false;
  const { status } = await read(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
  if (status === 404) throw new ClusterError('missing', `there is no namespace "${namespace}"`);
  return status === 200;
}
