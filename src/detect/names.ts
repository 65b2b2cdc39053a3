/** How many characters of a name are read, from its end: what tells stands there. */
const READ = 256;

const PASSWORDS = new Set([
  'password',
  'passwd',
  'passwort',
  'passphrase',
  'pwd',
  'pass',
  'pgpass',
  'sshpass',
  'dbpass',
  'userpass',
  'smtppass',
  'mypass',
  'rootpass',
  'adminpass',
]);
const SECRETS = new Set([
  'secret',
  'token',
  'credential',
  'credentials',
  'creds',
  'apikey',
  'secretkey',
  'privatekey',
]);

/** Each word that tells has one of these in it: most names have none, and need no taking apart. */
const MAY_TELL = /pass|pwd|secret|token|cred|key|cookie/;

/** What makes a `key` one that opens something; every other key (cache, routing, primary …) only finds something. */
const KEY_OWNERS = new Set([
  'api',
  'secret',
  'private',
  'access',
  'encryption',
  'encrypt',
  'decryption',
  'signing',
  'signature',
  'master',
  'license',
  'licence',
  'fernet',
  'hmac',
  'account',
  'storage',
  'auth',
  'jwt',
  'cipher',
  'crypto',
  'aes',
  'session',
  'cookie',
  'app',
  'deploy',
  'webhook',
  'ingestion',
]);

/** Behind the telling word they speak of something about the credential: where it is, how long it lasts, which it is. */
const ABOUT = new Set([
  'file',
  'files',
  'filename',
  'path',
  'paths',
  'dir',
  'directory',
  'folder',
  'mount',
  'url',
  'uri',
  'endpoint',
  'host',
  'hostname',
  'port',
  'server',
  'address',
  'addr',
  'name',
  'names',
  'namespace',
  'length',
  'len',
  'size',
  'min',
  'max',
  'ttl',
  'expiry',
  'expires',
  'expire',
  'expiration',
  'lifetime',
  'lifespan',
  'interval',
  'timeout',
  'duration',
  'period',
  'days',
  'hours',
  'minutes',
  'seconds',
  'validity',
  'age',
  'count',
  'limit',
  'number',
  'replicas',
  'enabled',
  'disabled',
  'enable',
  'required',
  'policy',
  'algorithm',
  'alg',
  'algo',
  'issuer',
  'audience',
  'header',
  'headers',
  'field',
  'type',
  'kind',
  'prefix',
  'suffix',
  'image',
  'version',
  'rotation',
  'store',
  'provider',
  'class',
  'backend',
  'ref',
  'reference',
  'id',
  'ids',
  'hash',
  'helper',
  'format',
  'method',
  'mode',
  'scope',
  'scopes',
  'strategy',
  'authentication',
  'label',
  'selector',
  'key_name',
  'arn',
  'region',
  'review',
  'reviews',
  'leeway',
  'location',
]);

/** Before it they ask a question or name a reference: `ALLOW_EMPTY_PASSWORD`, `imagePullSecret`, `existingSecret`. */
const ASKING = new Set([
  'use',
  'uses',
  'enable',
  'disable',
  'allow',
  'require',
  'requires',
  'has',
  'is',
  'skip',
  'no',
  'without',
  'pull',
  'existing',
  'public',
  'automount',
  'show',
  'hide',
  'mount',
  'generate',
  'create',
  'validate',
  'verify',
  'log',
  'print',
]);

/** A token by name alone: it keeps one etcd cluster from another, and nothing is opened by it. */
const NAMES_A_CLUSTER = /^(?:etcd[-_])?initial[-_]cluster[-_]token$/i;

function wordsOf(name: string): readonly string[] {
  return name
    .slice(-READ)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/[0-9]+$/, ''))
    .filter((word) => word !== '');
}

function isPassword(word: string): boolean {
  return PASSWORDS.has(word) || word.endsWith('password') || word.endsWith('passwd');
}

function tells(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  const before = words[at - 1] ?? '';
  if (isPassword(word) || SECRETS.has(word)) return true;
  if (word === 'key') return KEY_OWNERS.has(before);
  if (word === 'cookie') return before === 'erlang';
  return /^(?:client|app|api|jwt|auth|access|bot)(?:secret|token|key)$/.test(word);
}

function tellingPlace(words: readonly string[]): number {
  for (let at = words.length - 1; at >= 0; at--) if (tells(words, at)) return at;
  return -1;
}

/**
 * Whether the name of an env var or of a key tells of a credential in its value: `DB_PASSWORD`, `apiKey`,
 * `CLIENT_SECRET`; not `PASSWORD_FILE`, `SECRET_NAME`, `TOKEN_TTL`, `KEY_ID`. Reads its last 256 characters.
 */
export function tellsCredential(name: string): boolean {
  if (!MAY_TELL.test(name.slice(-READ).toLowerCase()) || NAMES_A_CLUSTER.test(name)) return false;
  const words = wordsOf(name);
  const at = tellingPlace(words);
  if (at < 0 || words.slice(0, at).some((word) => ASKING.has(word))) return false;
  if (words.slice(at + 1).some((word) => ABOUT.has(word))) return false;
  // `passwordKey` names the key of a Secret where the password stands.
  return !(isPassword(words[at] ?? '') && words[at + 1] === 'key');
}

/** Whether the name tells of a password: people choose those, so digits alone can be one. */
export function tellsPassword(name: string): boolean {
  const words = wordsOf(name);
  return tellsCredential(name) && isPassword(words[tellingPlace(words)] ?? '');
}
