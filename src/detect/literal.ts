import { tellsCredential, tellsPassword } from './names.ts';
import { isPlaceholder } from './weak.ts';

/** How much of a value is read: a credential under a telling name is short, or of a known format. */
const READ = 8192;

const SWITCH = /^(?:true|false|yes|no|on|off|enabled?|disabled?)$/i;
const DURATION = /^(?:[0-9]{1,12}(?:ns|us|ms|s|m|h|d|w|y)){1,6}$|^P[0-9DTHMSWY.]{1,24}$/;
const NUMBER = /^[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?$/;

/** Where a manager finds the credential: `arn:…`, `vault:path#key`, `projects/p/secrets/s`. */
const REFERENCE =
  /^(?:arn:|vault:|bao:|ref\+|azurekv:|awssm:|awsssm:|gcpsm:|sm:|kms:|file:|env:|secret:|projects\/)/i;

const PATH = /^(?:~|\.{1,2})?\/[^\s]*$/;
const RANDOM_BASE64 = /^[A-Za-z0-9+/]{20,}={0,2}$/;

const IMAGE =
  /^[a-z0-9.-]{1,255}(?::[0-9]{1,5})?(?:\/[a-z0-9._-]{1,255}){1,8}(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})$|@sha256:[0-9a-f]{64}$/;

const PUBLIC =
  /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,40}) |^-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}(?:CERTIFICATE|PUBLIC KEY)/;

/** The name of a Secret object, by the habit of naming it after what it is. */
const OBJECT_NAME =
  /^[a-z0-9.-]{1,240}-(?:creds|credentials?|secrets?|tls|token|password|keys?|auth|cert)$/;
const NAMES_OBJECT = /(?:secret|credentials?|creds)$/i;

function isNumber(name: string, value: string): boolean {
  return NUMBER.test(value) && !tellsPassword(name);
}

function isPath(value: string): boolean {
  if (!PATH.test(value)) return false;
  // One in 64 random base64 values begins with a slash.
  return !(
    RANDOM_BASE64.test(value) &&
    /[0-9]/.test(value) &&
    /[A-Z]/.test(value) &&
    /[a-z]/.test(value)
  );
}

function isAddress(value: string): boolean {
  return (
    value.includes('://') ||
    IMAGE.test(value) ||
    /^[\w.-]{1,253}\.svc(?:\.[\w.-]{1,253})?(?::[0-9]{1,5})?$/.test(value)
  );
}

/**
 * Whether a value under this name is a credential written out: the name tells of one and the value is neither a
 * placeholder nor a reference, path, URL, image, public key, switch, duration or number. Reads at most 8 KiB of it.
 * A URL with a password is a known format: see `detectCredential`.
 */
export function looksLikeCredentialLiteral(name: string, value: string): boolean {
  if (!tellsCredential(name)) return false;
  const text = value.slice(0, READ).trim();
  if (text === '' || isPlaceholder(text) || SWITCH.test(text) || DURATION.test(text)) return false;
  if (isNumber(name, text) || REFERENCE.test(text) || isPath(text) || isAddress(text)) return false;
  if (PUBLIC.test(text)) return false;
  return !(NAMES_OBJECT.test(name) && OBJECT_NAME.test(text));
}
