import { tellsCredential } from '../../detect/names.ts';
import { inspectSecretValue, type SecretValue } from '../../detect/secret-value.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { quoteKey } from '../../engine/safe-text.ts';
import { SECRET } from '../../kubernetes/resources.ts';
import { decoded, secretEntries, type SecretEntry } from './shared/data.ts';

const TLS = 'kubernetes.io/tls';

/** Written by Helm itself, base64 of base64 by its design. */
const RELEASE = 'helm.sh/release.v1';

/** Characters that tell of a Docker configuration. */
const HEAD = 64;
const DOCKER_CONFIG = /^\s*\{\s*"auths"\s*:/;
const DOCKER_KEYS: ReadonlySet<string> = new Set(['.dockerconfigjson', '.dockercfg']);

/** Of a value in stringData so much is encoded, to be read as one of data. */
const READ = 48 * 1024;

interface Inspected extends SecretEntry {
  readonly value: SecretValue;
}

/**
 * Forbidden: in an Opaque Secret, a private key or a Docker configuration, for which there are types that the
 *            API server checks; in a TLS Secret, a `tls.crt` with a private key in it, a `tls.key` without one;
 *            in any Secret, a value in base64 twice, and a placeholder or trivial password under a key that
 *            tells of a credential.
 * Allowed:   empty values; `username: admin`, which is no credential; types of others; Helm's releases.
 * Each key is told at most once. How much of a value is read stands at `inspectSecretValue`.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/validation/validation.go `ValidateSecret`
 */
export const policy = {
  meta: {
    id: 'secret-content',
    title: 'Secret whose content does not fit',
    practice: 'Rotation',
    rationale:
      'The type of a Secret tells tools, and the API server, what it holds: by it certificates are watched for their end, and a pull secret is checked. A value encoded twice, a placeholder or a password that anybody would try first means that the program does not get the credential, or that it protects nothing.',
    remediation:
      'Create the Secret with its type (`kubectl create secret tls`, `docker-registry`), let the API encode values (`stringData`), and generate passwords.',
    whenNotToUse:
      'For private keys that no type is made for, such as a key that signs tokens or an ACME account key of cert-manager. Grant those an exception.',
    severity: 'low',
    modes: { baseline: 'warn', strict: 'warn' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Types of Secret',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#secret-types',
      },
    ],
    messages: {
      'tls-pair': {
        message:
          '{key} of this Opaque Secret is a private key beside its certificate: without the type nothing checks the pair or watches its end',
        fix: 'type: kubernetes.io/tls, with the keys tls.crt and tls.key',
      },
      'private-key': {
        message:
          '{key} of this Opaque Secret is a private key, which the type does not tell to those who grant, watch or rotate it',
        fix: 'type: kubernetes.io/tls with its certificate, or type: kubernetes.io/ssh-auth with the key ssh-privatekey',
      },
      'docker-config': {
        message:
          '{key} of this Opaque Secret is a Docker registry login, which no kubelet takes from this type',
        fix: 'type: kubernetes.io/dockerconfigjson, with the key .dockerconfigjson',
      },
      'key-in-certificate': {
        message:
          '{key} holds a private key, though it is the part of a TLS Secret that gets passed on',
        fix: 'tls.crt: the certificates alone; tls.key: the private key; and issue a new pair',
      },
      'no-private-key': {
        message: '{key} of this TLS Secret holds no private key, so whatever serves with it fails',
        fix: 'tls.key: the PEM private key, base64-encoded once (kubectl create secret tls <name> --cert=<file> --key=<file>)',
      },
      'base64-twice': {
        message:
          '{key} is base64-encoded twice, so a program that reads it gets base64 in place of the value',
        fix: 'write the value into stringData, or encode it once: data: {{key}: <base64>}',
      },
      placeholder: {
        message: '{key} holds a placeholder, so the credential is still to come',
        fix: 'let the credential be generated or fetched, and never commit it',
      },
      weak: {
        message: '{key} holds a password that anybody would try first',
        fix: 'openssl rand -base64 24, set where the credential is checked and then here',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const { object } = subject;
    const type = object.get('type').text() ?? '';
    if (type === RELEASE) return;
    const entries = secretEntries(object).flatMap(inspect);
    const certified = entries.some(({ value }) => value.pem === 'certificate');
    for (const entry of entries) {
      const message = mismatch(type, entry, certified) ?? flaw(entry);
      if (message === undefined) continue;
      const { at } = entry;
      yield { message, at, params: { key: quoteKey(at) }, referent: [] };
    }
  },
} satisfies PolicyModule;

/** An entry with what its value is; none for an empty value. */
function inspect(entry: SecretEntry): Inspected[] {
  const text = entry.at.text() ?? '';
  if (text === '') return [];
  const base64 = entry.encoded ? text : Buffer.from(text.slice(0, READ)).toString('base64');
  return [{ ...entry, value: inspectSecretValue(base64) }];
}

/** What the type promises, or should, and the value is not. */
function mismatch(type: string, entry: Inspected, certified: boolean): string | undefined {
  const { pem } = entry.value;
  if (type === TLS) {
    if (entry.key === 'tls.crt' && pem === 'private-key') return 'key-in-certificate';
    return entry.key === 'tls.key' && pem !== 'private-key' ? 'no-private-key' : undefined;
  }
  if (type !== '' && type !== 'Opaque') return undefined;
  if (pem === 'private-key') return certified ? 'tls-pair' : 'private-key';
  const docker = DOCKER_KEYS.has(entry.key) || DOCKER_CONFIG.test(decoded(entry, HEAD));
  return docker ? 'docker-config' : undefined;
}

function flaw({ key, value }: Inspected): string | undefined {
  if (value.base64Twice) return 'base64-twice';
  if (!tellsCredential(key)) return undefined;
  if (value.placeholder) return 'placeholder';
  return value.triviallyWeak ? 'weak' : undefined;
}
