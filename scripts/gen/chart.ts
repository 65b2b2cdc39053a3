import {
  isForAdmission,
  profileMode,
  PROFILES,
  type PolicyModule,
} from '../../src/engine/policy.ts';
import type { Resource } from '../../src/kubernetes/resources.ts';

/**
 * What the chart's templates must know of the policies to register the webhook for those that are on:
 * templates cannot run TypeScript. Read by templates/_rules.tpl, which does what webhookRules does.
 */
export function chartPolicies(catalogue: readonly PolicyModule[]): string {
  const known = catalogue.filter(({ meta }) => isForAdmission(meta));
  const policies = known.map(({ meta }) => {
    const { resources, customWorkloads = false, operations } = meta.appliesTo;
    return {
      id: meta.id,
      modes: Object.fromEntries(PROFILES.map((profile) => [profile, profileMode(meta, profile)])),
      operations,
      resources: resources.flatMap(entries),
      customWorkloads,
    };
  });
  return `${JSON.stringify(policies, null, 2)}\n`;
}

/** A resource and its subresources; workloads are registered apart from everything else. */
function entries({ group, resource, subresources = [], podTemplate }: Resource) {
  const workload = podTemplate !== undefined;
  return [resource, ...subresources.map((name) => `${resource}/${name}`)].map((name) => ({
    group,
    resource: name,
    workload,
  }));
}
