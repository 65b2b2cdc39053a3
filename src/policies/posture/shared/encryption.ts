import { posix } from 'node:path';
import type { Field } from '../../../engine/field.ts';
import { literal, type SafeText } from '../../../engine/safe-text.ts';
import { isPlaceholder } from '../../../detect/weak.ts';
import { isSopsValue } from './sops.ts';

/** The providers with a key in the file, and the sizes of key that each takes. */
const STATIC = [
  { type: 'aesgcm', text: literal('aesgcm'), sizes: [16, 24, 32], told: literal('16, 24 or 32') },
  { type: 'aescbc', text: literal('aescbc'), sizes: [16, 24, 32], told: literal('16, 24 or 32') },
  { type: 'secretbox', text: literal('secretbox'), sizes: [32], told: literal('32') },
] as const;

export type Provider =
  | { readonly type: 'identity' | 'kms' | 'unknown'; readonly at: Field }
  | {
      readonly type: 'static';
      readonly at: Field;
      readonly text: SafeText;
      readonly keys: readonly Key[];
    };

export interface Key {
  readonly at: Field;
  readonly name: Field;
  /** Nothing, something that stands in for a key, key bytes, or text that is no key of this provider. */
  readonly content: 'none' | 'placeholder' | 'key' | 'wrong-length' | 'no-base64';
  readonly sizes: SafeText;
}

/**
 * The entry that decides about Secrets: the first whose resources match them. A later one is masked.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#understanding-the-encryption-at-rest-configuration
 */
export function entryForSecrets(entries: readonly Field[]): Field | undefined {
  return entries.find((entry) =>
    entry
      .get('resources')
      .items()
      .some((resource) => COVERS_SECRETS.has(resource.text() ?? '')),
  );
}

/**
 * Resources by which a later entry covers Secrets that an earlier one has covered by a wildcard.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go
 */
export function maskedIn(entries: readonly Field[]): readonly Field[] {
  const before = new Set<string>();
  return entries.flatMap((entry) => {
    const resources = entry.get('resources').items();
    const texts = resources.map((resource) => resource.text() ?? '');
    const masked = resources.filter(
      (_, at) => COVERS_SECRETS.has(texts[at] ?? '') && isMasked(texts[at], before),
    );
    for (const text of texts) before.add(text);
    return masked;
  });
}

function isMasked(resource: string | undefined, before: ReadonlySet<string>): boolean {
  return before.has('*.*') || (before.has('*.') && resource !== '*.*');
}

const COVERS_SECRETS: ReadonlySet<string> = new Set(['secrets', 'secrets.', '*.', '*.*']);

/** The providers of an entry in their order: the first one writes, all of them read. */
export function providersOf(entry: Field): readonly Provider[] {
  return entry.get('providers').items().map(providerOf);
}

function providerOf(item: Field): Provider {
  for (const { type, text, sizes, told } of STATIC) {
    const at = item.get(type);
    if (!at.present) continue;
    const keys = at.get('keys').items();
    return { type: 'static', at, text, keys: keys.map((key) => keyOf(key, sizes, told)) };
  }
  const kms = item.get('kms');
  if (kms.present) return { type: 'kms', at: kms };
  const identity = item.get('identity');
  return identity.present ? { type: 'identity', at: identity } : { type: 'unknown', at: item };
}

function keyOf(key: Field, sizes: readonly number[], told: SafeText): Key {
  const at = key.get('secret');
  return { at, name: key.get('name'), content: contentOf(at.text() ?? '', sizes), sizes: told };
}

function contentOf(text: string, sizes: readonly number[]): Key['content'] {
  if (text === '') return 'none';
  if (isPlaceholder(text) || isSopsValue(text)) return 'placeholder';
  // As Go reads it: strict but for line breaks.
  const base64 = text.replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return 'no-base64';
  return sizes.includes(Buffer.from(base64, 'base64').length) ? 'key' : 'wrong-length';
}

const WORLD_WRITABLE = ['/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/var/lock', '/dev/mqueue'];

/** Whether anybody on the node can put a socket in the place of this one, or has none to be kept from. */
export function isOpenSocket(endpoint: string): boolean {
  const place = /^unix:(?:\/\/)?([^]*)$/.exec(endpoint)?.[1];
  if (place === undefined) return false;
  // An abstract socket has no file, and so no permissions.
  if (/^\/?@/.test(place)) return true;
  const path = posix.normalize(place);
  return WORLD_WRITABLE.some((folder) => path.startsWith(`${folder}/`));
}
