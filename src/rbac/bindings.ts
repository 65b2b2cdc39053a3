import type { RoleFacts } from '../engine/facts.ts';
import type { Field } from '../engine/field.ts';
import { join, literal, name, type SafeText } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { builtInRules } from './built-in-roles.ts';
import type { PolicyRule } from './rules.ts';

/** The role that a RoleBinding or ClusterRoleBinding grants, with its rules where they are known. */
export interface BoundRole {
  readonly at: Field;
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
  /** `ClusterRole edit`, for reading. */
  readonly text: SafeText;
  /** Made by the API server itself, so that it never comes by to be judged. */
  readonly isBuiltIn: boolean;
  /** Undefined when the role is neither built in nor among the facts. */
  readonly rules: readonly PolicyRule[] | undefined;
}

export function boundRole(binding: Subject, roles: RoleFacts | undefined): BoundRole {
  const at = binding.object.get('roleRef');
  const kind = at.get('kind').text() === 'Role' ? 'Role' : 'ClusterRole';
  const roleName = at.get('name').text() ?? '';
  const builtIn = kind === 'ClusterRole' ? builtInRules(roleName) : undefined;
  return {
    at,
    kind,
    name: roleName,
    text: join(' ', [literal(kind), name(at.get('name'))]),
    isBuiltIn: builtIn !== undefined,
    rules: roles?.rules(kind, binding.namespace, roleName) ?? builtIn,
  };
}

/** Whom the authorizer lets in for a subject. */
export interface Identity {
  readonly kind: 'ServiceAccount' | 'Group' | 'User';
  /** Of a ServiceAccount; empty for the others. */
  readonly namespace: string;
  readonly name: string;
}

/** One who gains what a binding grants. */
export interface BoundSubject {
  readonly at: Field;
  /** `ServiceAccount ns/name`, `Group name`, `User name`. */
  readonly text: SafeText;
  /** Undefined for a kind that the authorizer does not know. */
  readonly identity: Identity | undefined;
}

/** Read once for each object: what is stock is asked for each finding. */
export function boundSubjects({ object, namespace }: Subject): readonly BoundSubject[] {
  return object.once(boundSubjects, () =>
    object
      .get('subjects')
      .items()
      .map((at) => boundSubject(at, namespace)),
  );
}

function boundSubject(at: Field, bindingNamespace: string): BoundSubject {
  const kind = name(at.get('kind'));
  const namespace = at.get('namespace');
  const who = namespace.present
    ? join('/', [name(namespace), name(at.get('name'))])
    : name(at.get('name'));
  return { at, text: join(' ', [kind, who]), identity: identityOf(at, bindingNamespace) };
}

/**
 * A ServiceAccount without a namespace is of the binding's own, and a ServiceAccount is also a user
 * of a long name. See appliesToUser in plugin/pkg/auth/authorizer/rbac/rbac.go.
 */
function identityOf(subject: Field, bindingNamespace: string): Identity | undefined {
  const subjectName = subject.get('name').text() ?? '';
  const namespace = subject.get('namespace').text() ?? '';
  switch (subject.get('kind').text()) {
    case 'ServiceAccount':
      return {
        kind: 'ServiceAccount',
        namespace: namespace === '' ? bindingNamespace : namespace,
        name: subjectName,
      };
    case 'Group':
      return { kind: 'Group', namespace: '', name: subjectName };
    case 'User':
      return serviceAccountUser(subjectName) ?? { kind: 'User', namespace: '', name: subjectName };
    default:
      return undefined;
  }
}

function serviceAccountUser(user: string): Identity | undefined {
  const [system, serviceAccount, namespace, account, ...rest] = user.split(':');
  if (system !== 'system' || serviceAccount !== 'serviceaccount' || rest.length > 0) {
    return undefined;
  }
  if (namespace === undefined || account === undefined) return undefined;
  return { kind: 'ServiceAccount', namespace, name: account };
}
