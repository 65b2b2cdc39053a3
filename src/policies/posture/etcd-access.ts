import type { NotKnown, PolicyModule, Report } from '../../engine/policy.ts';
import { literal } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { CLUSTER_CONFIGURATION, ENVIRONMENT_FILE, ETCD_FILE } from '../../kubernetes/resources.ts';
import { judgeClient, judgeExternal } from './shared/etcd-client.ts';
import { CLIENTS, judgeListener, PEERS } from './shared/etcd.ts';
import { apiServers, etcdServers, isGiven, PROGRAM_KINDS, setting } from './shared/program.ts';

/**
 * Forbidden: etcd with an `http://` URL for clients or peers, listening on every address, without
 *            `--client-cert-auth` and `--trusted-ca-file` (and the same for peers), without a certificate
 *            or with one that it made itself; a kube-apiserver that talks plain HTTP to it, or does not
 *            verify it, or shows no certificate of its own.
 * Allowed:   what kubeadm writes by itself; no peer settings where etcd has no URL for peers; metrics over
 *            plain HTTP.
 * Read:      the command, args and env of containers in a Pod, `apiServer` and `etcd` of kubeadm's
 *            ClusterConfiguration, files of `ETCD_` variables, and the file of etcd's `--config-file`.
 */
export const policy = {
  meta: {
    id: 'etcd-access',
    title: 'etcd that others than the API server can reach',
    practice: 'Encryption at rest',
    rationale:
      'etcd holds every Secret of the cluster, and knows no roles by itself: whoever may open a connection to it reads and writes all of them, past the API server, its RBAC and its audit log. A client certificate is the only thing that it asks for, and only where it is told to.',
    remediation:
      'Give etcd a certificate and an authority of its own, let it ask clients and peers for certificates of that authority, use https in every URL, and let it listen on the address of its node alone. Keep ports 2379 and 2380 closed to all but the control plane.',
    whenNotToUse: 'For an etcd that holds no Kubernetes cluster, or one on a laptop.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny', permissive: 'deny' },
    scope: 'files',
    appliesTo: {
      resources: [...PROGRAM_KINDS, ENVIRONMENT_FILE, ETCD_FILE],
      operations: ['CREATE'],
    },
    needs: [],
    references: [
      {
        title: 'Operating etcd clusters for Kubernetes: securing etcd clusters',
        url: 'https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#securing-etcd-clusters',
      },
      {
        title: 'etcd: transport security model',
        url: 'https://etcd.io/docs/latest/op-guide/security/',
      },
    ],
    messages: {
      'plain-http': {
        message:
          '{flag} has an http:// URL: Secrets cross the network in plain, and nobody is asked for a certificate',
        fix: 'write https:// in {flag}, with a certificate and its key',
      },
      'every-address': {
        message:
          '{flag} listens on every address of the node, so that pods and other networks reach the store of all Secrets',
        fix: 'in {flag}, name the address of the node and 127.0.0.1',
      },
      'no-client-auth': {
        message:
          'etcd asks nobody for a certificate ({flag} is not true): whoever reaches its port reads and writes every Secret',
        fix: 'set {flag} to true, and {ca} to the file of the authority',
      },
      'client-auth-implied': {
        message:
          '{flag} is not true: etcd asks for a certificate only as a side effect of {ca}, and asks nobody once that goes',
        fix: 'set {flag} to true',
      },
      'no-trusted-ca': {
        message:
          '{flag} is not set while {auth} is true: etcd takes a certificate of any authority that its system trusts',
        fix: 'set {flag} to the file of the authority that signs for etcd alone',
      },
      'no-certificate': {
        message: '{flag} is not set: without a certificate and its key etcd has no TLS',
        fix: 'set {flag} to its file',
      },
      'auto-tls': {
        message:
          '{flag} makes a certificate that nobody can verify, so that anybody in between can pose as etcd',
        fix: 'no {flag}, but a certificate of the authority of etcd',
      },
      'api-server-plain-http': {
        message:
          '{flag} has a URL without TLS: every Secret crosses it in plain, and etcd cannot ask who the client is',
        fix: 'write https:// in {flag}',
      },
      'api-server-no-ca': {
        message:
          '{flag} is not set: the API server takes for etcd whoever has a certificate of any authority that its system trusts',
        fix: 'set {flag} to the file of the authority of etcd',
      },
      'api-server-no-certificate': {
        message:
          '{flag} is not set: the API server shows etcd no certificate, so etcd cannot tell it from others',
        fix: 'set {flag} to its file',
      },
    },
  },

  *check(subject): Iterable<Report | NotKnown> {
    for (const etcd of etcdServers(subject)) {
      const file = setting(etcd, 'config-file');
      if (isGiven(file)) {
        // With a configuration file, etcd reads no other setting.
        const what = literal(
          'the file that config-file names, which holds all settings of etcd and can be scanned itself,',
        );
        yield { unknown: 'file', at: file.at, what };
        continue;
      }
      yield* judgeListener(etcd, CLIENTS);
      yield* judgeListener(etcd, PEERS);
    }
    for (const server of apiServers(subject)) yield* judgeClient(server);
    if (isKubeadm(subject)) yield* judgeExternal(subject.object.at('etcd', 'external'));
  },
} satisfies PolicyModule;

function isKubeadm({ group, kind }: Subject): boolean {
  return group === CLUSTER_CONFIGURATION.group && kind === CLUSTER_CONFIGURATION.kind;
}
