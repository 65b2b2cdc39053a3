// Which of the wanted kinds a server has, and in which version.
import type { ResourceName, ServedKind } from '../scan/kinds.ts';
import { ClusterError } from './errors.ts';
import { field, textAt } from './json.ts';
import type { Answer, Reader } from './reader.ts';

/** The kind as it is served, undefined where the server has none; rejects with a ClusterError. */
export type Discovery = (kind: ResourceName) => Promise<ServedKind | undefined>;

/** Asks for the groups once, and for the resources of those alone that are wanted. */
export async function discover(read: Reader): Promise<Discovery> {
  const groups = new Map<string, readonly string[]>([['', ['v1']]]);
  for (const group of listAt(good(await read('/apis'), 'API groups'), 'groups')) {
    groups.set(textAt(group, 'name'), versionsOf(group));
  }
  const resources = new Map<string, Promise<readonly ServedKind[]>>();
  const resourcesOf = (group: string, version: string): Promise<readonly ServedKind[]> => {
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = resources.get(root) ?? readResources(read, root, group, version);
    resources.set(root, known);
    return known;
  };
  return async ({ group, resource }) => {
    for (const version of groups.get(group) ?? []) {
      const found = (await resourcesOf(group, version)).find((one) => one.resource === resource);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** The preferred version first: any version of an object is the object. */
function versionsOf(group: unknown): readonly string[] {
  const preferred = textAt(group, 'preferredVersion', 'version');
  const all = listAt(group, 'versions').map((version) => textAt(version, 'version'));
  return [...new Set([preferred, ...all])].filter((version) => version !== '');
}

async function readResources(
  read: Reader,
  root: string,
  group: string,
  version: string,
): Promise<readonly ServedKind[]> {
  const answer = await read(root);
  if (answer.status === 404) return [];
  return listAt(good(answer, `the resources of ${root}`), 'resources')
    .filter((resource) => listAt(resource, 'verbs').includes('list'))
    .map((resource) => ({
      group,
      version,
      resource: textAt(resource, 'name'),
      kind: textAt(resource, 'kind'),
      namespaced: field(resource, 'namespaced') === true,
    }));
}

function good({ status, body }: Answer, what: string): unknown {
  if (status === 401) {
    const message = 'the API server does not accept the credentials (401)';
    throw new ClusterError('unauthenticated', message);
  }
  if (status === 200) return body;
  const problem = status === 403 ? 'forbidden' : 'refused';
  throw new ClusterError(problem, `the API server does not tell ${what} (${status})`);
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = field(value, key);
  return Array.isArray(list) ? list : [];
}

/** `rollouts.argoproj.io` as kubectl writes it, or `argoproj.io/rollouts`; undefined for anything else. */
export function parseResource(text: string): ResourceName | undefined {
  const match =
    /^(?<group>[a-z0-9.-]+\.[a-z0-9-]+)\/(?<resource>[a-z0-9-]+)$/.exec(text) ??
    /^(?<resource>[a-z0-9-]+)\.(?<group>[a-z0-9.-]+)$/.exec(text);
  const { group, resource } = match?.groups ?? {};
  return group === undefined || resource === undefined ? undefined : { group, resource };
}
