// The command lines of the control plane. What a cluster has by default stays on.
import { join } from 'node:path';
import type { Credentials } from './credentials.ts';

export interface Layout {
  readonly dir: string;
  readonly etcdPort: number;
  readonly apiPort: number;
  readonly credentials: Credentials;
}

const etcdUrl = ({ etcdPort }: Layout): string => `http://127.0.0.1:${etcdPort}`;

export const etcdFlags = (layout: Layout): string[] => [
  `--data-dir=${join(layout.dir, 'etcd')}`,
  `--listen-client-urls=${etcdUrl(layout)}`,
  `--advertise-client-urls=${etcdUrl(layout)}`,
  '--listen-peer-urls=http://127.0.0.1:0',
  '--unsafe-no-fsync',
];

export const servingCertificate = (layout: Layout): string =>
  join(layout.dir, 'certificates', 'apiserver.crt');

export const apiServerFlags = (layout: Layout): string[] => [
  `--etcd-servers=${etcdUrl(layout)}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${layout.apiPort}`,
  `--cert-dir=${join(layout.dir, 'certificates')}`,
  `--token-auth-file=${layout.credentials.tokenFile}`,
  '--authorization-mode=RBAC',
  '--allow-privileged=true',
  '--service-cluster-ip-range=10.0.0.0/24',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-signing-key-file=${layout.credentials.privateKeyFile}`,
  `--service-account-key-file=${layout.credentials.publicKeyFile}`,
  // The kubernetes Service cannot have an endpoint on loopback, and nobody here needs one.
  '--endpoint-reconciler-type=none',
];

export const controllerManagerFlags = (
  layout: Layout,
  kubeconfigPath: string,
  caFile: string,
): string[] => [
  `--kubeconfig=${kubeconfigPath}`,
  // As kubeadm has it: each controller acts as system:serviceaccount:kube-system:<name>-controller.
  '--use-service-account-credentials=true',
  `--service-account-private-key-file=${layout.credentials.privateKeyFile}`,
  `--root-ca-file=${caFile}`,
  '--leader-elect=false',
  '--secure-port=0',
  '--kube-api-qps=200',
  '--kube-api-burst=400',
];
