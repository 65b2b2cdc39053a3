import { literal, type SafeText } from '../engine/safe-text.ts';
import type { Identity } from './bindings.ts';

/** A crowd behind one subject of a binding. */
export interface Audience {
  /** Everyone who reaches the API server, without a login. */
  readonly anonymous: boolean;
  /** Who that is, for reading. */
  readonly text: SafeText;
}

const ANONYMOUS: Audience = { anonymous: true, text: literal('anyone without a login') };
const crowd = (text: SafeText): Audience => ({ anonymous: false, text });
const EVERYBODY = crowd(literal('every user and ServiceAccount of the cluster'));
const EVERY_ACCOUNT = crowd(literal('every ServiceAccount of the cluster'));
const NAMESPACE_ACCOUNTS = crowd(literal('every ServiceAccount of a namespace'));
const NAMELESS_PODS = crowd(
  literal('every pod of its namespace that names no ServiceAccount of its own'),
);

/**
 * The crowd that an identity stands for, undefined for a single one. The default ServiceAccount is one:
 * the admission plugin gives it to every Pod that names none.
 * @see apiserver pkg/authentication/user/user.go and pkg/authentication/serviceaccount/util.go
 */
export function audienceOf({ kind, name }: Identity): Audience | undefined {
  if (kind === 'ServiceAccount') return name === 'default' ? NAMELESS_PODS : undefined;
  if (kind === 'User') return name === 'system:anonymous' ? ANONYMOUS : undefined;
  if (name === 'system:unauthenticated') return ANONYMOUS;
  if (name === 'system:authenticated') return EVERYBODY;
  if (name === 'system:serviceaccounts') return EVERY_ACCOUNT;
  return name.startsWith('system:serviceaccounts:') ? NAMESPACE_ACCOUNTS : undefined;
}
