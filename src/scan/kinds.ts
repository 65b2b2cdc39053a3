import { atLeast, isForAdmission, type PolicyMeta } from '../engine/policy.ts';
import { modesIn, type Settings } from '../engine/settings.ts';
import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  POD,
  ROLE,
  ROLE_BINDING,
  SECRET,
  WORKLOADS,
} from '../kubernetes/resources.ts';

/** A resource type by its API group and plural, as discovery has them. */
export interface ResourceName {
  readonly group: string;
  readonly resource: string;
}

/** A resource type as a server has it. */
export interface ServedKind extends ResourceName {
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A resource type that a scan lists. */
export interface WantedKind extends ResourceName {
  /** Holds pod templates. */
  readonly isWorkload: boolean;
}

/** `deployments.apps`, `pods`: as kubectl writes a resource type. */
export function kindText({ group, resource }: ResourceName): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/**
 * What a scan of a cluster lists, in this order: roles before the bindings that are judged by them, and
 * owners before what they own. Kinds that no policy with a mode looks at are left out; Secrets are
 * asked for by `includeSecrets` alone.
 */
export function wantedKinds(
  settings: Settings,
  customWorkloads: readonly ResourceName[],
  includeSecrets: boolean,
): readonly WantedKind[] {
  const policies = activePolicies(settings);
  const custom = policies.some(({ appliesTo }) => appliesTo.customWorkloads === true)
    ? customWorkloads
    : [];
  const isWorkload = (kind: ResourceName): boolean =>
    [...WORKLOADS, ...custom].some((workload) => isSame(workload, kind));
  const named = policies.flatMap(({ appliesTo }) => appliesTo.resources);
  const needsRoles = policies.some(({ needs }) => needs.includes('roles'));
  return distinct([...(needsRoles ? [CLUSTER_ROLE, ROLE] : []), ...custom, ...named])
    .filter((kind) => includeSecrets || !isSame(kind, SECRET))
    .map((kind) => ({ ...kind, isWorkload: isWorkload(kind) }))
    .toSorted((a, b) => turn(a) - turn(b));
}

/** The policies on Secrets that a scan which lists none of them leaves unasked. */
export function policiesOnSecrets(settings: Settings): readonly string[] {
  return activePolicies(settings)
    .filter(({ appliesTo }) => appliesTo.resources.some((kind) => isSame(kind, SECRET)))
    .map(({ id }) => id);
}

export function isSame(a: ResourceName, b: ResourceName): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** Policies that judge what the API server holds, and have a mode somewhere. */
function activePolicies(settings: Settings): readonly PolicyMeta[] {
  const { namespaces } = settings;
  const everywhere = modesIn(settings, '');
  return settings.policies
    .map(({ policy }) => policy.meta)
    .filter(isForAdmission)
    .filter(({ id }) => {
      const modes = [everywhere.get(id), ...namespaces.map(({ modes: own }) => own.get(id))];
      const isOn = modes.some((mode) => mode !== undefined && atLeast(mode, 'audit'));
      return isOn || namespaces.some(({ profile }) => profile !== undefined);
    });
}

const MADE: readonly ResourceName[] = [
  { group: 'apps', resource: 'replicasets' },
  { group: 'batch', resource: 'jobs' },
  POD,
];

/** Roles, bindings, custom workloads, owners, ReplicaSets, Jobs, Pods, all else. */
function turn(kind: WantedKind): number {
  const order = [CLUSTER_ROLE, ROLE, CLUSTER_ROLE_BINDING, ROLE_BINDING];
  const index = order.findIndex((other) => isSame(other, kind));
  if (index !== -1) return index;
  if (!kind.isWorkload) return 20;
  const made = MADE.findIndex((other) => isSame(other, kind));
  if (made !== -1) return 10 + made;
  return WORKLOADS.some((other) => isSame(other, kind)) ? 6 : 5;
}

function distinct(kinds: readonly ResourceName[]): ResourceName[] {
  const byText = new Map(
    kinds.map(({ group, resource }) => [kindText({ group, resource }), { group, resource }]),
  );
  return [...byText.values()];
}
