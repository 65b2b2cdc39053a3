import type { Exception } from './exceptions.ts';
import type { ConfiguredPolicy } from './evaluate.ts';
import { profileMode, type Mode, type Profile } from './policy.ts';

/** Modes that differ in some namespaces. */
export interface NamespaceOverride {
  /** Whether a namespace's name is meant; cluster-scoped objects never are, but a Namespace by its own name. */
  readonly matches: (namespace: string) => boolean;
  readonly profile?: Profile;
  readonly modes: ReadonlyMap<string, Mode>;
}

/** The configuration in the form in which verdicts are made. */
export interface Settings {
  readonly profile: Profile;
  readonly policies: readonly ConfiguredPolicy[];
  readonly modes: ReadonlyMap<string, Mode>;
  readonly namespaces: readonly NamespaceOverride[];
  readonly exceptions: readonly Exception[];
  /** Every denial becomes a warning. */
  readonly dryRun: boolean;
  /** What becomes of what could not be judged. */
  readonly onError: 'warn' | 'deny';
  /** Whether findings in what built-in controllers make from templates are audited or enforced. */
  readonly controllerPods: 'audit' | 'enforce';
}

const known = new WeakMap<Settings, Map<string, ReadonlyMap<string, Mode>>>();

/**
 * The mode of each policy in a namespace (empty for cluster-scoped objects): the profile, then the
 * configuration, then each matching namespace entry in turn, so that the last one counts. Made once
 * for each set of entries that match, so the same map comes back for the same modes.
 */
export function modesIn(settings: Settings, namespace: string): ReadonlyMap<string, Mode> {
  const overrides =
    namespace === '' ? [] : settings.namespaces.filter(({ matches }) => matches(namespace));
  const made = known.get(settings) ?? new Map<string, ReadonlyMap<string, Mode>>();
  known.set(settings, made);
  const key = overrides.map((override) => settings.namespaces.indexOf(override)).join();
  const modes = made.get(key) ?? modesBy(settings, overrides);
  made.set(key, modes);
  return modes;
}

function modesBy(
  settings: Settings,
  overrides: readonly NamespaceOverride[],
): ReadonlyMap<string, Mode> {
  return new Map(
    settings.policies.map(({ policy: { meta } }) => {
      let mode = settings.modes.get(meta.id) ?? profileMode(meta, settings.profile);
      for (const { profile, modes } of overrides) {
        mode = modes.get(meta.id) ?? (profile === undefined ? mode : profileMode(meta, profile));
      }
      return [meta.id, mode];
    }),
  );
}
