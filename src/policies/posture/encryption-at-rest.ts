import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name, type SafeText } from '../../engine/safe-text.ts';
import {
  CLUSTER_CONFIGURATION,
  ENCRYPTION_CONFIG,
  ENCRYPTION_CONFIGURATION,
  POD,
} from '../../kubernetes/resources.ts';
import {
  entryForSecrets,
  isOpenSocket,
  maskedIn,
  providersOf,
  type Key,
  type Provider,
} from './shared/encryption.ts';
import { apiServers, isGiven, setting } from './shared/program.ts';

/**
 * Forbidden: an EncryptionConfiguration that covers no Secrets, writes them by `identity` or with a key
 *            that stands in the file, by KMS v1, or through a socket that anybody can replace; key bytes
 *            in the file; keys of a wrong length; an entry for Secrets behind a wildcard that has them already;
 *            another version; a kube-apiserver without `--encryption-provider-config`.
 * Allowed:   KMS v2 first; static keys and KMS v1 behind it, which only read what was written before;
 *            placeholders for keys. `identity` behind an encrypting provider is noted, never denied.
 * Of several entries the first that matches Secrets decides; `*.` and `*.*` match them too.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
 */
export const policy = {
  meta: {
    id: 'encryption-at-rest',
    title: 'Secrets that are not encrypted in etcd, or not well',
    practice: 'Encryption at rest',
    rationale:
      'Without encryption at rest every Secret lies in etcd as base64: whoever reads a disk, a snapshot or a backup of it has them all. A key in a file beside it helps only against the theft of etcd alone; a KMS keeps the key out of the node.',
    remediation:
      'Give the API server an EncryptionConfiguration whose first entry covers secrets with a KMS v2 provider first, then write all Secrets anew: `kubectl get secrets --all-namespaces -o json | kubectl replace -f -`.',
    whenNotToUse:
      'Where the provider of the cluster encrypts etcd itself with a key of yours, and you have no API server to configure.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny', permissive: 'deny' },
    scope: 'files',
    appliesTo: {
      resources: [ENCRYPTION_CONFIGURATION, ENCRYPTION_CONFIG, POD, CLUSTER_CONFIGURATION],
      operations: ['CREATE'],
    },
    needs: [],
    references: [
      {
        title: 'Encrypting confidential data at rest',
        url: 'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/',
      },
      {
        title: 'Using a KMS provider for data encryption',
        url: 'https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/',
      },
    ],
    messages: {
      'not-configured': {
        message:
          'this API server has no --encryption-provider-config: it writes Secrets to etcd in base64, which anybody can read',
        fix: '--encryption-provider-config=<file with an EncryptionConfiguration>',
      },
      'not-covered': {
        message:
          'no entry covers secrets, so they are written to etcd in base64, which anybody can read',
        fix: 'resources: [{resources: [secrets], providers: [{kms: {apiVersion: v2, name: <name>, endpoint: unix:///var/run/kmsplugin/socket.sock}}]}]',
      },
      'unknown-version': {
        message: 'no API server reads this version: it does not start with this file',
        fix: 'apiVersion: apiserver.config.k8s.io/v1',
      },
      masked: {
        message:
          'an entry before covers secrets by a wildcard: this one would never count, and the API server does not start',
        fix: 'put the entry for secrets before that with the wildcard',
      },
      'no-encrypting-provider': {
        message: 'no provider of this entry encrypts, so Secrets are written to etcd in base64',
        fix: 'providers: [{kms: {apiVersion: v2, …}}, {identity: {}}]',
      },
      'identity-first': {
        message:
          'the first provider is the one that writes, and identity writes Secrets to etcd in base64: those below only read',
        fix: 'put identity last, then write all Secrets anew',
      },
      'identity-left': {
        message:
          'identity still reads Secrets that were written before encryption: right until all are written anew, and then to be taken out',
        fix: 'kubectl get secrets --all-namespaces -o json | kubectl replace -f -, then remove identity',
        atMost: 'audit',
      },
      'static-key': {
        message:
          '{provider} encrypts with a key that lies in this file on every control plane node: whoever has the node or its backup has the key too, and nobody rotates it',
        fix: 'kms: {apiVersion: v2, name: <name>, endpoint: unix:///var/run/kmsplugin/socket.sock} first, {provider} behind it until all Secrets are written anew',
      },
      'kms-v1': {
        message:
          'without apiVersion: v2 this is KMS v1, which is deprecated, off by default since Kubernetes 1.29, and rotates no keys by itself',
        fix: 'apiVersion: v2, with a plugin that speaks it',
      },
      'kms-socket': {
        message:
          'anybody on the node can put a socket of this name in place before the plugin does, and then gets every key that Secrets are encrypted with',
        fix: 'endpoint: unix:///var/run/kmsplugin/socket.sock, in a folder that only root writes',
      },
      'key-in-file': {
        message:
          'the key {key} stands in this file: whoever can read it, or the repository that it lies in, can decrypt the Secrets in etcd',
        fix: 'a KMS; until then a placeholder that the node replaces, and a new key, since this one is known',
      },
      'key-length': {
        message:
          'the key {key} is not {sizes} bytes in base64: the API server does not start with it',
        fix: 'head -c 32 /dev/urandom | base64, on the node',
      },
    },
  },

  *check(subject): Iterable<Report> {
    if (subject.kind === POD.kind || subject.kind === CLUSTER_CONFIGURATION.kind) {
      for (const server of apiServers(subject)) {
        const flag = 'encryption-provider-config';
        if (isGiven(setting(server, flag))) continue;
        const at = server.missing(flag);
        yield { message: 'not-configured', at, params: {}, ...server.container, referent: [] };
      }
      return;
    }
    const version = subject.object.get('apiVersion');
    if (!VERSIONS.has(`${String(version.value)} ${subject.kind}`)) {
      yield told('unknown-version', version);
    }
    const entries = subject.object.get('resources').items();
    const deciding = entryForSecrets(entries);
    if (deciding === undefined) yield told('not-covered', subject.object.get('resources'));
    else yield* judgeWriting(deciding);
    for (const resource of maskedIn(entries)) yield told('masked', resource);
    for (const provider of entries.flatMap(providersOf)) yield* judgeContent(provider);
  },
} satisfies PolicyModule;

/** What the API server reads; the second by the mistake of an old page of its documentation. */
const VERSIONS: ReadonlySet<string> = new Set([
  `${ENCRYPTION_CONFIGURATION.group}/v1 ${ENCRYPTION_CONFIGURATION.kind}`,
  `v1 ${ENCRYPTION_CONFIG.kind}`,
]);

/** The entry for Secrets: by the provider that writes. */
function* judgeWriting(entry: Field): Iterable<Report> {
  const providers = providersOf(entry);
  const [first] = providers;
  if (first === undefined || providers.every(({ type }) => type === 'identity')) {
    yield told('no-encrypting-provider', entry.get('providers'));
    return;
  }
  switch (first.type) {
    case 'identity':
      yield told('identity-first', first.at);
      return;
    case 'static':
      yield told('static-key', first.at, { provider: first.text });
      break;
    case 'kms':
      if (first.at.get('apiVersion').text() !== 'v2') {
        yield told('kms-v1', first.at.get('apiVersion'));
      }
      break;
    case 'unknown':
      yield told('no-encrypting-provider', first.at);
  }
  for (const { type, at } of providers) if (type === 'identity') yield told('identity-left', at);
}

/** What is wrong with a provider whatever it is for. */
function* judgeContent(provider: Provider): Iterable<Report> {
  if (provider.type === 'kms') {
    const endpoint = provider.at.get('endpoint');
    if (isOpenSocket(endpoint.text() ?? '')) yield told('kms-socket', endpoint);
  }
  if (provider.type === 'static') for (const key of provider.keys) yield* judgeKey(key);
}

function* judgeKey({ at, name: named, content, sizes }: Key): Iterable<Report> {
  const key = name(named);
  // Bytes of a wrong length may be good elsewhere; what is no base64 is no key at all.
  if (content === 'key' || content === 'wrong-length') yield told('key-in-file', at, { key });
  if (content === 'wrong-length' || content === 'no-base64') {
    yield told('key-length', at, { key, sizes });
  }
}

function told(message: string, at: Field, params: Readonly<Record<string, SafeText>> = {}): Report {
  return { message, at, params, referent: Object.values(params) };
}
