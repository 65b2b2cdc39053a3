import { isForAdmission, type PolicyModule } from '../engine/policy.ts';
import type { Operation } from '../engine/subject.ts';

/** One entry of a webhook's `rules`. @see RuleWithOperations in k8s.io/api/admissionregistration/v1 */
export interface WebhookRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly Operation[];
  readonly scope: '*';
}

/** A custom resource that holds pod templates, to be judged too. */
export interface CustomResource {
  readonly group: string;
  readonly resource: string;
}

/**
 * The match rules that bring every kind and subresource of the policies, and nothing else: one rule
 * for each group and set of operations. Never a wildcard resource, which would bring Leases, Bindings
 * and access reviews. Meant for matchPolicy Equivalent, so any version is one.
 */
export function webhookRules(
  policies: readonly PolicyModule[],
  customResources: readonly CustomResource[],
): WebhookRule[] {
  const operations = new Map<string, Set<Operation>>();
  const add = (group: string, resource: string, wanted: readonly Operation[]): void => {
    const key = `${group}/${resource}`;
    operations.set(key, new Set([...(operations.get(key) ?? []), ...wanted]));
  };
  for (const { meta } of policies.filter((policy) => isForAdmission(policy.meta))) {
    const { resources, customWorkloads = false, operations: wanted } = meta.appliesTo;
    for (const { group, resource, subresources = [] } of resources) {
      add(group, resource, wanted);
      for (const name of subresources) add(group, `${resource}/${name}`, wanted);
    }
    if (!customWorkloads) continue;
    for (const { group, resource } of customResources) add(group, resource, wanted);
  }
  return grouped(operations);
}

function grouped(operations: ReadonlyMap<string, ReadonlySet<Operation>>): WebhookRule[] {
  const rules = new Map<string, { group: string; wanted: Operation[]; resources: string[] }>();
  for (const [key, set] of operations) {
    const [group = '', ...resource] = key.split('/');
    const wanted = [...set].sort();
    const id = `${group} ${wanted.join()}`;
    const rule = rules.get(id) ?? { group, wanted, resources: [] };
    rule.resources.push(resource.join('/'));
    rules.set(id, rule);
  }
  return [...rules.values()]
    .sort((a, b) => (a.group < b.group ? -1 : 1))
    .map(({ group, wanted, resources }) => ({
      apiGroups: [group],
      apiVersions: ['*'],
      resources: resources.sort(),
      operations: wanted,
      scope: '*',
    }));
}
