import type { Exception } from './exceptions.ts';
import type { ConfiguredPolicy } from './evaluate.ts';
import { profileMode, type Mode, type Profile } from './policy.ts';

/** Modes that differ in some namespaces. */
export interface NamespaceOverride {
  /** Whether a namespace's name is meant; cluster-scoped objects never are. */
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

/**
 * The mode of each policy in a namespace (empty for cluster-scoped objects): the profile, then the
 * configuration, then each matching namespace entry in turn, so that the last one counts.
 */
export function modesIn(settings: Settings, namespace: string): ReadonlyMap<string, Mode> {
  const overrides =
    namespace === '' ? [] : settings.namespaces.filter(({ matches }) => matches(namespace));
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
