import { detectCredential } from '../../../detect/credential.ts';
import { looksLikeCredentialLiteral } from '../../../detect/literal.ts';
import type { Field } from '../../../engine/field.ts';
import { literal, name, type SafeText } from '../../../engine/safe-text.ts';
import type { Subject } from '../../../engine/subject.ts';
import {
  INIT_CONFIGURATION,
  JOIN_CONFIGURATION,
  KUBECONFIG,
  type Resource,
} from '../../../kubernetes/resources.ts';

/** Kinds that components read from a file, and in which a credential has a place of its own. */
export const CREDENTIAL_KINDS: readonly Resource[] = [
  INIT_CONFIGURATION,
  JOIN_CONFIGURATION,
  KUBECONFIG,
];

/** A field that is there to hold a credential. */
export interface Place {
  readonly message: 'bootstrap-token' | 'certificate-key' | 'kubeconfig';
  readonly at: Field;
  readonly params: Readonly<Record<string, SafeText>>;
}

/** Every place for a credential in an object of these kinds, whatever stands there. */
export function credentialPlaces({ group, kind, object }: Subject): readonly Place[] {
  const is = (one: Resource): boolean => one.group === group && one.kind === kind;
  if (is(KUBECONFIG)) return object.get('users').items().flatMap(inUser);
  if (is(INIT_CONFIGURATION)) return inInit(object);
  return is(JOIN_CONFIGURATION) ? inJoin(object) : [];
}

/** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-InitConfiguration */
function inInit(object: Field): readonly Place[] {
  const tokens = object.get('bootstrapTokens').items();
  return [
    ...tokens.map((token) => place('bootstrap-token', token.get('token'))),
    place('certificate-key', object.get('certificateKey')),
  ];
}

/** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-JoinConfiguration */
function inJoin(object: Field): readonly Place[] {
  const discovery = object.get('discovery');
  return [
    place('bootstrap-token', discovery.at('bootstrapToken', 'token')),
    place('bootstrap-token', discovery.get('tlsBootstrapToken')),
    place('certificate-key', object.at('controlPlane', 'certificateKey')),
  ];
}

function place(message: Place['message'], at: Field): Place {
  return { message, at, params: {} };
}

const USER_FIELDS = [
  { keys: ['token'], what: literal('a token') },
  { keys: ['password'], what: literal('a password') },
  { keys: ['client-key-data'], what: literal('a private key') },
  { keys: ['auth-provider', 'config', 'access-token'], what: literal('a token') },
  { keys: ['auth-provider', 'config', 'id-token'], what: literal('a token') },
  { keys: ['auth-provider', 'config', 'refresh-token'], what: literal('a refresh token') },
  { keys: ['auth-provider', 'config', 'client-secret'], what: literal('a client secret') },
] as const;

/** @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
function inUser(entry: Field): readonly Place[] {
  const user = name(entry.get('name'));
  const told = (at: Field, what: SafeText): Place => ({
    message: 'kubeconfig',
    at,
    params: { user, what },
  });
  const own = USER_FIELDS.map(({ keys, what }) => told(entry.at('user', ...keys), what));
  const exec = entry.at('user', 'exec');
  const handed = [
    ...exec
      .get('env')
      .items()
      .filter(isCredentialVariable)
      .map((each) => each.get('value')),
    ...exec.get('args').items().filter(isCredential),
  ];
  return [...own, ...handed.map((at) => told(at, literal('what its plugin is given')))];
}

function isCredentialVariable(variable: Field): boolean {
  const [key, value] = [variable.get('name').text() ?? '', variable.get('value')];
  return looksLikeCredentialLiteral(key, value.text() ?? '') || isCredential(value);
}

function isCredential(field: Field): boolean {
  return detectCredential(field.text() ?? '') !== undefined;
}
