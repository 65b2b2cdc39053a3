import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { CLUSTER_SECRET_STORE } from '../../kubernetes/resources.ts';

/** Expressions that match every name, as people write them; matching is not anchored. */
const EVERYTHING = /^(?:\^|\$|\^?(?:\.[*+]|\(\.[*+]\))\$?)?$/;

/**
 * Forbidden: a ClusterSecretStore without `spec.conditions`, or with one that every namespace meets.
 * Allowed:   conditions by namespace names, by a selector with labels, by an expression.
 * Without conditions every namespace is served; of several, one that holds is enough. An empty selector
 * holds for all. An empty condition holds for none.
 * @see https://github.com/external-secrets/external-secrets/blob/main/pkg/controllers/secretstore/client_manager.go `shouldProcessSecret`
 */
export const policy = {
  meta: {
    id: 'cluster-secret-store-scope',
    title: 'ClusterSecretStore open to every namespace',
    practice: 'Namespace isolation',
    rationale:
      'Whoever may create an ExternalSecret in any namespace reads through the store with its rights, so all that the store can fetch is open to the whole cluster, whatever RBAC says of Secrets.',
    remediation:
      'Name in `spec.conditions` the namespaces that need the store, or give each a SecretStore with a role of its own in the vault.',
    whenNotToUse:
      'Where an admission policy already binds each namespace to its own paths in the vault.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [CLUSTER_SECRET_STORE], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'External Secrets: ClusterSecretStore',
        url: 'https://external-secrets.io/latest/api/clustersecretstore/',
      },
      {
        title: 'External Secrets: multi tenancy',
        url: 'https://external-secrets.io/latest/guides/multi-tenancy/',
      },
    ],
    messages: {
      'no-conditions': {
        message:
          'this ClusterSecretStore serves every namespace: whoever may create an ExternalSecret anywhere reads all that it can fetch',
        fix: 'spec: {conditions: [{namespaces: [<those that need it>]}]}',
      },
      'every-namespace': {
        message:
          'every namespace meets this condition: whoever may create an ExternalSecret anywhere reads all that the store can fetch',
        fix: 'conditions: [{namespaces: [<those that need it>]}]',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const at = subject.object.at('spec', 'conditions');
    const conditions = at.items();
    if (conditions.length === 0) {
      yield { message: 'no-conditions', at, params: {}, referent: [] };
    }
    for (const condition of conditions) {
      for (const place of openPlaces(condition)) {
        yield { message: 'every-namespace', at: place, params: {}, referent: [] };
      }
    }
  },
} satisfies PolicyModule;

function openPlaces(condition: Field): readonly Field[] {
  const selector = condition.get('namespaceSelector');
  const selects =
    selector.get('matchLabels').entries().length > 0 ||
    selector.get('matchExpressions').items().length > 0;
  return [
    ...(selector.present && !selects ? [selector] : []),
    ...condition
      .get('namespaceRegexes')
      .items()
      .filter((expression) => EVERYTHING.test(expression.text() ?? 'none')),
  ];
}
