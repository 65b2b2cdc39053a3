// Key bytes, values of Secrets and settings in the very files, not as objects: none of them gets into a report.
import { describe, expect, it } from '@jest/globals';
import { FORMATS, render } from '../../../src/report/format.ts';
import { CANARY, spellings } from '../../support/canary.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

const base64 = Buffer.from(CANARY).toString('base64');
/** 32 bytes that begin with the canary. */
const key = Buffer.from(CANARY.padEnd(32, '0')).toString('base64');

const FILES = {
  'enc.yaml': `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets, "${CANARY}"]
  providers:
  - aescbc: {keys: [{name: a, secret: ${key}}, {name: b, secret: ${base64}}, {name: c, secret: "${CANARY}!"}]}
  - kms: {name: k, endpoint: "unix:///tmp/${CANARY}"}
  - identity: {}
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: {name: s}
data: {a: ${base64}}
stringData: {b: ${CANARY}}
`,
  'etcd.env': `ETCD_INITIAL_CLUSTER_TOKEN=${CANARY}
ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379/${CANARY}
ETCD_ROOT_PASSWORD="${CANARY}"
this is ${CANARY}
`,
  'etcd.conf.yml': `initial-cluster-token: ${CANARY}
listen-client-urls: http://${CANARY}:2379
client-transport-security: {cert-file: ${CANARY}, client-cert-auth: false}
`,
  'kubeadm.yaml': `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens: [{token: ${CANARY}}]
certificateKey: ${CANARY}
---
apiVersion: kubeadm.k8s.io/v1beta3
kind: JoinConfiguration
discovery: {bootstrapToken: {token: ${CANARY}}, tlsBootstrapToken: ${CANARY}}
`,
  'kubeconfig.yaml': `apiVersion: v1
kind: Config
users: [{name: u, user: {token: ${CANARY}, password: ${CANARY}, client-key-data: ${base64}}}]
`,
  'api.yaml': `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver}
spec:
  containers:
  - name: kube-apiserver
    command: [kube-apiserver, "--etcd-servers=http://u:${CANARY}@a:2379", "--${CANARY}=${CANARY}"]
`,
  'audit.yaml': `apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: ${CANARY}}, {level: RequestResponse, resources: [{group: ""}]}]
`,
};

describe('a report on posture', () => {
  const report = reportOn(FILES);

  it('has something to tell of each file, and of the line that is no variable', () => {
    const files = new Set(report.findings.map(({ file }) => file));

    expect([...files].sort()).toEqual(Object.keys(FILES).sort());
    expect(report.errors).toMatchObject([{ reason: 'syntax', file: 'etcd.env', line: 4 }]);
  });

  it.each(FORMATS)('shows no value as %s', (format) => {
    const text = render(format, report, CONTEXT);

    for (const spelling of [...spellings(CANARY), key]) expect(text).not.toContain(spelling);
  });
});
