import type { NamespaceFacts } from '../engine/facts.ts';
import type { Field } from '../engine/field.ts';
import type { Subject } from '../engine/subject.ts';
import { NAMESPACE, NETWORK_POLICY, SECRET, SECRET_MAKERS, type Resource } from './resources.ts';

/** Takes objects one by one and knows of them what NamespaceFacts tells; keeps one object a namespace. */
export interface NamespacesSeen extends NamespaceFacts {
  add(subject: Subject): void;
}

interface Seen {
  readonly told: Map<string, Subject>;
  readonly withSecrets: Set<string>;
  readonly closed: Set<string>;
  readonly opened: Set<string>;
}

/** Nothing seen yet. */
export function namespacesSeen(): NamespacesSeen {
  const seen: Seen = {
    told: new Map(),
    withSecrets: new Set(),
    closed: new Set(),
    opened: new Set(),
  };
  return {
    add(subject) {
      addTo(seen, subject);
    },
    toldAt(subject) {
      const namespace = is(subject, NAMESPACE) ? subject.name : subject.namespace;
      return seen.told.get(namespace)?.object === subject.object ? namespace : undefined;
    },
    holdsSecrets: (namespace) => seen.withSecrets.has(namespace),
    deniesIngress: (namespace) => seen.closed.has(namespace) && !seen.opened.has(namespace),
  };
}

function addTo({ told, withSecrets, closed, opened }: Seen, subject: Subject): void {
  const { name, namespace } = subject;
  if (is(subject, NAMESPACE)) {
    const before = told.get(name);
    if (before === undefined || !is(before, NAMESPACE)) told.set(name, subject);
  } else if (is(subject, NETWORK_POLICY)) {
    const effect = ingressEffect(subject.object.get('spec'));
    if (effect === 'closes') closed.add(namespace);
    if (effect === 'opens') opened.add(namespace);
  } else if (isSecretMaker(subject)) {
    withSecrets.add(namespace);
    if (!told.has(namespace)) told.set(namespace, subject);
  }
}

/**
 * What a policy does to every pod of its namespace: closes them to what no policy lets in, or opens them
 * to all, which no other policy takes back.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
 */
function ingressEffect(spec: Field): 'closes' | 'opens' | undefined {
  if (!selectsAll(spec.get('podSelector'))) return undefined;
  const types = spec.get('policyTypes').items();
  // Left out, the types are Ingress, and Egress where there are egress rules.
  if (types.length > 0 && !types.some((type) => type.value === 'Ingress')) return undefined;
  const rules = spec.get('ingress').items();
  if (rules.length === 0) return 'closes';
  return rules.some((rule) => isEmpty(rule.get('from')) && isEmpty(rule.get('ports')))
    ? 'opens'
    : undefined;
}

function selectsAll(selector: Field): boolean {
  return (
    selector.get('matchLabels').entries().length === 0 && isEmpty(selector.get('matchExpressions'))
  );
}

function isEmpty(list: Field): boolean {
  return list.items().length === 0;
}

function isSecretMaker(subject: Subject): boolean {
  return is(subject, SECRET) || SECRET_MAKERS.some((resource) => is(subject, resource));
}

function is({ group, kind }: Subject, resource: Resource): boolean {
  return group === resource.group && kind === resource.kind;
}
