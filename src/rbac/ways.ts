import type { Report } from '../engine/policy.ts';
import { join, literal, series, type SafeText } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { ROLE } from '../kubernetes/resources.ts';
import {
  coversGroup,
  coversResource,
  coversVerb,
  isUnbound,
  nameGrants,
  type PolicyRule,
  reachesEverything,
  rulesOf,
} from './rules.ts';

type WayVerb =
  | 'get'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'bind'
  | 'escalate'
  | 'impersonate'
  | 'approve';

/** A permission on something else that leads to Secrets. */
export interface Way {
  readonly group: string;
  /** `pods` or `pods/exec`; `userextras/` with any subresource where it ends in a slash. */
  readonly resource: SafeText;
  readonly verbs: readonly WayVerb[];
  /** The resource is in no namespace, so a Role, which is bound in one, grants nothing on it. */
  readonly clusterOnly?: boolean;
  /** Whether a grant on this name alone is a way too. Otherwise a name shows the need and passes. */
  readonly evenNamed?: (name: string) => boolean;
}

/**
 * Reports each rule of a role that grants one of the ways, as message `rule` with what it `grants`. What
 * a wildcard grants is told with that wildcard: one in resources, if not said otherwise.
 */
export function* reportWays(
  role: Subject,
  ways: readonly Way[],
  isWildcards: (rule: PolicyRule) => boolean = reachesEverything,
): Generator<Report> {
  for (const rule of rulesOf(role.object)) {
    const open = openWays(rule, ways, role);
    if (open.length === 0) continue;
    const grants = open.flatMap(({ verbs, resource }) =>
      verbs.map((verb) => ['ways', join(' ', [verb, literal('on'), resource])] as const),
    );
    yield {
      message: 'rule',
      at: rule.at,
      params: { grants: series(open.map(wayText)) },
      referent: [],
      grants: [...grants, ...nameGrants(rule)],
      foldsInto: isWildcards(rule) ? ['rbac-wildcard'] : [],
    };
  }
}

/** The ways that one rule grants, as `create/get on pods/exec`; what a Role grants is in its namespace alone. */
export function grantsOf(
  rule: PolicyRule,
  ways: readonly Way[],
  role: Pick<Subject, 'kind'>,
): SafeText[] {
  return openWays(rule, ways, role).map(wayText);
}

interface OpenWay {
  readonly verbs: readonly SafeText[];
  readonly resource: SafeText;
}

function wayText({ verbs, resource }: OpenWay): SafeText {
  return join(' ', [join('/', verbs), literal('on'), resource]);
}

function openWays(rule: PolicyRule, ways: readonly Way[], role: Pick<Subject, 'kind'>): OpenWay[] {
  const isRole = role.kind === ROLE.kind;
  return ways.flatMap((way) => {
    if (way.clusterOnly === true && isRole) return [];
    if (!coversWay(rule, way)) return [];
    const verbs = way.verbs.filter((verb) => coversVerb(rule, verb) && isOpen(rule, way, verb));
    if (verbs.length === 0) return [];
    return [{ verbs: verbs.map((verb) => literal(verb)), resource: way.resource }];
  });
}

function coversWay(rule: PolicyRule, { group, resource: written }: Way): boolean {
  if (!coversGroup(rule, group)) return false;
  const [resource = '', subresource = ''] = written.split('/');
  if (!written.endsWith('/')) return coversResource(rule, { group, resource, subresource });
  return rule.resources.some((some) => some === '*' || some.startsWith(written));
}

/** A POST to a subresource has the name of its object in the URL; a POST to a collection has none. */
function isOpen(rule: PolicyRule, { resource, evenNamed }: Way, verb: WayVerb): boolean {
  const isNameless = verb === 'deletecollection' || (verb === 'create' && !resource.includes('/'));
  if (isUnbound(rule, !isNameless)) return true;
  return evenNamed !== undefined && !isNameless && rule.resourceNames.some(evenNamed);
}

const ANY_NAME = (): boolean => true;
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const CHANGE = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
/** The verbs of GET, POST, PUT, PATCH and DELETE on a subresource that passes any request on. */
const PROXY = ['get', 'create', 'update', 'patch', 'delete'] as const;

/** Roles of the API server that read every Secret: naming them is no restriction. */
const isReadingRole = (name: string): boolean =>
  /^(?:cluster-admin|admin|edit|system:(?:aggregate-to-edit|node|kube-controller-manager|controller:.+))$/.test(
    name,
  );

/** Users and groups of the control plane: `system:`, but everybody, anybody and ServiceAccounts. */
const isSystemName = (name: string): boolean =>
  name === 'kubeadm:cluster-admins' ||
  /^system:(?!(?:anonymous|authenticated|unauthenticated)$|serviceaccounts?(?::|$))/.test(name);

const isKubernetesSigner = (name: string): boolean => name.startsWith('kubernetes.io/');

/**
 * Permissions that give others. `bind` and `escalate` are asked of the role in the binding's namespace
 * [pkg/registry/rbac/escalation_check.go], `impersonate` by the impersonation filter [apiserver
 * pkg/endpoints/filters/impersonation.go], `approve` by the CertificateApproval admission plugin. A
 * namespace is its own namespace to the authorizer, so a Role may grant changes of it.
 */
export const ESCALATION: readonly Way[] = [
  { group: RBAC, resource: literal('roles'), verbs: ['bind'], evenNamed: isReadingRole },
  { group: RBAC, resource: literal('clusterroles'), verbs: ['bind'], evenNamed: isReadingRole },
  { group: RBAC, resource: literal('roles'), verbs: ['escalate'], evenNamed: ANY_NAME },
  {
    group: RBAC,
    resource: literal('clusterroles'),
    verbs: ['escalate'],
    clusterOnly: true,
    evenNamed: ANY_NAME,
  },
  impersonate('', literal('users')),
  impersonate('', literal('groups')),
  { group: '', resource: literal('serviceaccounts'), verbs: ['impersonate'] },
  impersonate('authentication.k8s.io', literal('userextras/')),
  {
    group: CERTIFICATES,
    resource: literal('certificatesigningrequests/approval'),
    verbs: ['update', 'patch'],
    clusterOnly: true,
    evenNamed: ANY_NAME,
  },
  {
    group: CERTIFICATES,
    resource: literal('signers'),
    verbs: ['approve'],
    clusterOnly: true,
    evenNamed: isKubernetesSigner,
  },
  admission(literal('mutatingwebhookconfigurations')),
  admission(literal('validatingwebhookconfigurations')),
  admission(literal('mutatingadmissionpolicies')),
  admission(literal('mutatingadmissionpolicybindings')),
  admission(literal('validatingadmissionpolicies')),
  admission(literal('validatingadmissionpolicybindings')),
  { group: '', resource: literal('persistentvolumes'), verbs: ['create'], clusterOnly: true },
  { group: '', resource: literal('namespaces'), verbs: ['update', 'patch'] },
];

function impersonate(group: string, resource: SafeText): Way {
  return { group, resource, verbs: ['impersonate'], clusterOnly: true, evenNamed: isSystemName };
}

function admission(resource: SafeText): Way {
  return { group: ADMISSION, resource, verbs: CHANGE, clusterOnly: true };
}

/**
 * Into running containers. kubectl opens exec, attach and port-forward by POST or, over WebSocket, by
 * GET [ConnectMethods in pkg/registry/core/pod/rest/subresources.go]; the kubelet takes exec on nodes/proxy too,
 * for whatever Pod is on the node, so the name of a node is no restriction.
 */
export const POD_ACCESS: readonly Way[] = [
  { group: '', resource: literal('pods/exec'), verbs: ['create', 'get'] },
  { group: '', resource: literal('pods/attach'), verbs: ['create', 'get'] },
  { group: '', resource: literal('pods/portforward'), verbs: ['create', 'get'] },
  { group: '', resource: literal('pods/ephemeralcontainers'), verbs: ['update', 'patch'] },
  { group: '', resource: literal('pods/proxy'), verbs: PROXY },
  { group: '', resource: literal('services/proxy'), verbs: PROXY },
  {
    group: '',
    resource: literal('nodes/proxy'),
    verbs: PROXY,
    clusterOnly: true,
    evenNamed: ANY_NAME,
  },
];

export const TOKEN_REQUEST: readonly Way[] = [
  { group: '', resource: literal('serviceaccounts/token'), verbs: ['create'] },
];

const WRITE = ['create', 'update', 'patch'] as const;

/**
 * Whatever becomes a Pod. A Job's template is fixed once made; a PodTemplate is used by no controller;
 * of a running Pod the image can be changed, and the new one gets the Secrets of the old.
 */
export const WORKLOAD_CREATE: readonly Way[] = [
  { group: '', resource: literal('pods'), verbs: WRITE },
  { group: '', resource: literal('replicationcontrollers'), verbs: WRITE },
  { group: 'apps', resource: literal('daemonsets'), verbs: WRITE },
  { group: 'apps', resource: literal('deployments'), verbs: WRITE },
  { group: 'apps', resource: literal('replicasets'), verbs: WRITE },
  { group: 'apps', resource: literal('statefulsets'), verbs: WRITE },
  { group: 'batch', resource: literal('cronjobs'), verbs: WRITE },
  { group: 'batch', resource: literal('jobs'), verbs: ['create'] },
];

/** Every way that asks for no permission on Secrets themselves. */
export const WAYS_AROUND: readonly Way[] = [
  ...ESCALATION,
  ...POD_ACCESS,
  ...TOKEN_REQUEST,
  ...WORKLOAD_CREATE,
];

/** Every way, for a wildcard that grants several at once. */
export const WAYS: readonly Way[] = [
  { group: '', resource: literal('secrets'), verbs: ['create', 'update', 'patch', 'delete'] },
  ...WAYS_AROUND,
];
