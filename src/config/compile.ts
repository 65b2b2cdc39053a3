import { parsePath, type Exception, type PathPattern } from '../engine/exceptions.ts';
import type { Mode } from '../engine/policy.ts';
import type { NamespaceOverride, Settings } from '../engine/settings.ts';
import { BUILT_IN } from '../kubernetes/resources.ts';
import { catalogue } from '../policies/catalogue.ts';
import { optionsOf } from './options.ts';
import type { Configuration, ExceptionEntry, NamespaceEntry, WrittenMode } from './schema.ts';

/** Something that the JSON schema cannot say is wrong. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The settings that a configuration of the right shape means, and what is wrong in its meaning. */
export function compileSettings(configuration: Configuration): {
  readonly settings: Settings;
  readonly mistakes: readonly Mistake[];
} {
  const { profile = 'baseline', policies = {}, namespaces = [], exceptions = [] } = configuration;
  const mistakes: Mistake[] = [];
  const settings: Settings = {
    profile,
    policies: catalogue.map((policy) => ({
      policy,
      options: optionsOf(policy, policies[policy.meta.id]?.options),
    })),
    modes: new Map(
      Object.entries(policies).flatMap(([id, { mode }]) =>
        mode === undefined ? [] : [[id, modeOf(mode)]],
      ),
    ),
    namespaces: namespaces.map(compileNamespace),
    exceptions: exceptions.map((entry, index) =>
      compileException(entry, (path, message) => {
        mistakes.push({ path: ['exceptions', index, ...path], message });
      }),
    ),
    dryRun: configuration.dryRun ?? false,
    onError: configuration.onError ?? (profile === 'strict' ? 'deny' : 'warn'),
    controllerPods: configuration.controllerPods ?? 'audit',
  };
  return { settings, mistakes };
}

function modeOf(written: WrittenMode): Mode {
  return written === false ? 'off' : written;
}

function compileNamespace({ match, profile, policies = {} }: NamespaceEntry): NamespaceOverride {
  const globs = match.map(globMatcher);
  return {
    matches: (namespace) => globs.some((matches) => matches(namespace)),
    ...(profile === undefined ? {} : { profile }),
    modes: new Map(Object.entries(policies).map(([id, mode]) => [id, modeOf(mode)])),
  };
}

/** `*` stands for any characters. A namespace's name has at most 63, so the search stays short. */
function globMatcher(glob: string): (text: string) => boolean {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  return (text) => pattern.test(text);
}

type Complain = (path: readonly (string | number)[], message: string) => void;

function compileException(entry: ExceptionEntry, complain: Complain): Exception {
  const { requestedBy, namespace = '' } = entry;
  const group = groupOf(entry, complain);
  const resource = BUILT_IN.find((known) => known.group === group && known.kind === entry.kind);
  if (resource?.namespaced === true && namespace === '') {
    complain([], `needs a namespace: ${entry.kind} is namespaced`);
  }
  if (resource?.namespaced === false && namespace !== '') {
    complain(['namespace'], `must be left out: ${entry.kind} is cluster-scoped`);
  }
  return {
    policies: entry.policies,
    group,
    kind: entry.kind,
    namespace,
    name: nameOf(entry, complain),
    ...(requestedBy === undefined
      ? {}
      : { requestedBy: { users: requestedBy.users ?? [], groups: requestedBy.groups ?? [] } }),
    paths: entry.paths.map((path, index) => patternOf(path, ['paths', index], complain)),
    owner: entry.owner,
    reason: entry.reason,
    expires: endOf(entry.expires, complain),
  };
}

function groupOf({ kind, apiGroup }: ExceptionEntry, complain: Complain): string {
  const known = BUILT_IN.find((resource) => resource.kind === kind);
  if (apiGroup === undefined && known === undefined) {
    complain(['kind'], 'is not built in: say its apiGroup too');
  }
  return apiGroup ?? known?.group ?? '';
}

function nameOf(
  { name, namePrefix, requestedBy }: ExceptionEntry,
  complain: Complain,
): Exception['name'] {
  if ((name === undefined) === (namePrefix === undefined)) {
    complain([], 'needs either name or namePrefix');
  }
  if (namePrefix !== undefined && requestedBy === undefined) {
    complain(['namePrefix'], 'needs requestedBy: anybody may choose a name with this prefix');
  }
  return namePrefix === undefined ? { exact: name ?? '' } : { prefix: namePrefix };
}

function patternOf(
  path: string,
  at: readonly (string | number)[],
  complain: Complain,
): PathPattern {
  const pattern = parsePath(path);
  if (pattern === undefined) {
    complain(at, 'is no path: write list items by their name or as [*], since an index moves');
  }
  return pattern ?? [];
}

const DAY = 24 * 60 * 60 * 1000;

function endOf(day: string, complain: Complain): number {
  const start = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
  if (!exists) complain(['expires'], 'is no day of the calendar');
  return exists ? start.getTime() + DAY : 0;
}
