// What kubectl writes, piped into `hushgate scan -f -`: places count in what came through the pipe.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { reportOfScan, inText, scan } from '../support/scan.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';

jest.setTimeout(240_000);

const TEMPLATE = 'spec.template.spec';
const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
const ISOLATION = 'warn network-isolation, Secret';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.stop());

/** What kubectl writes to stdout; throws where it fails. */
async function written(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectl(plane, args);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Every finding of a scan of the text, with what stands there. */
async function told(text: string, ...args: readonly string[]): Promise<string[]> {
  const { findings, errors } = await reportOfScan(['-f', '-', ...args], text);
  expect(errors).toEqual([]);
  expect(findings.map(({ file }) => file)).toEqual(findings.map(() => '<stdin>'));
  return findings.map((finding) => inText(text, finding));
}

describe('kubectl kustomize', () => {
  let text: string;
  beforeAll(async () => {
    text = await written('kustomize', 'test/integration/testdata/kustomize/overlays/prod');
  });

  it('of base and overlay: patches, images, prefixes, hashes and lists are judged as they come out', async () => {
    const secret = /name: (prod-db-[a-z0-9]{10})\n/.exec(text)?.[1] ?? 'no name with a hash';

    expect(await told(text)).toEqual([
      'deny rbac-secrets-list-watch, Role shop/prod-reader, rules[0]: 7: apiGroups:',
      'deny rbac-broad-subject, RoleBinding shop/prod-everybody-reads, subjects[0]: 25: apiGroup: rbac.authorization.k8s.io',
      `${ISOLATION} shop/${secret}, metadata.namespace: 44: namespace: shop`,
      `deny secret-env-ref, Deployment shop/prod-web, ${TEMPLATE}.containers[0].env[0].valueFrom.secretKeyRef: 78: secretKeyRef:`,
      `deny secret-env-from, Job shop/prod-migrate, ${TEMPLATE}.containers[0].envFrom[0].secretRef: 109: secretRef:`,
      `warn secret-consumer-root, Job shop/prod-migrate, ${TEMPLATE}.containers[0].securityContext.runAsNonRoot: 108: envFrom:`,
    ]);
    const { findings } = await reportOfScan(['-f', '-'], text);
    expect(findings.filter(({ message }) => message.includes(`Secret ${secret}`))).toHaveLength(3);
  });

  it('of the base alone is clean, but for the namespace that the user says', async () => {
    const base = await written('kustomize', 'test/integration/testdata/kustomize/base');

    expect(await told(base, '-n', 'shop')).toEqual([
      expect.stringMatching(
        /^warn network-isolation, Secret shop\/db-[a-z0-9]{10}, metadata\.namespace: /,
      ),
    ]);
  });

  it('shows none of the values that it generates, in any word that it says', async () => {
    const { stdout, stderr, code } = await scan(['-f', '-', '--profile', 'strict'], text);

    expect(text).toContain(Buffer.from('canary-kustomize-1').toString('base64'));
    expect(stdout + stderr).not.toMatch(/canary|Y2FuYXJ5/);
    expect([code, stderr]).toEqual([1, '']);
  });

  it('that fails leaves an empty pipe, which is not clean', async () => {
    const failed = await kubectl(plane, ['kustomize', 'test/integration/testdata/nowhere']);
    const { code, stdout } = await scan(['-f', '-'], failed.stdout);

    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(stdout).toMatch(/^not judged <stdin>:1:1\n {2}is empty: /);
    expect(code).toBe(2);
  });
});

describe('kubectl create --dry-run=client -o yaml', () => {
  const created = (...args: readonly string[]): Promise<string> =>
    written('create', ...args, '--dry-run=client', '-o', 'yaml');

  it.each([
    [
      'secret generic db --from-literal=password=canary-create -n shop',
      [`${ISOLATION} shop/db, metadata.namespace: 7: namespace: shop`],
    ],
    [
      'cronjob tidy --image=registry.example/tidy:1 --schedule=@daily',
      [
        'warn service-account-token-automount, CronJob default/tidy, spec.jobTemplate.spec.template.spec.automountServiceAccountToken: 12: spec:',
      ],
    ],
    [
      'role reader --verb=get,list --resource=secrets -n shop',
      ['deny rbac-secrets-list-watch, Role shop/reader, rules[0]: 7: apiGroups:'],
    ],
    [
      'clusterrolebinding admins --clusterrole=cluster-admin --group=system:authenticated',
      [
        'deny rbac-broad-subject, ClusterRoleBinding admins, subjects[0]: 10: apiGroup: rbac.authorization.k8s.io',
      ],
    ],
    ['serviceaccount robot', []],
  ])('%s', async (command, findings) => {
    const text = await created(...command.split(' '));

    expect(await told(text)).toEqual(findings);
  });

  it('of a binding to a role that is not in the pipe is told once, and not taken for clean', async () => {
    const crowd = ['--serviceaccount=other:robot', '--group=system:authenticated'];
    const binding = await created(
      'rolebinding',
      'readers',
      '--role=reader',
      '-n',
      'shop',
      ...crowd,
    );
    const role = await created('role', 'reader', '--verb=get', '--resource=secrets', '-n', 'shop');
    const alone = await reportOfScan(['-f', '-'], binding);
    const together = await reportOfScan(['-f', '-'], `${binding}---\n${role}`);

    expect(alone.errors.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '6: not judged by rbac-broad-subject, rbac-cross-namespace-subject at roleRef: Role reader is not known here',
    ]);
    expect(alone.code).toBe(2);
    expect(together.findings.map(({ policy, path }) => `${policy} ${path}`)).toEqual([
      'rbac-broad-subject subjects[0]',
      'rbac-cross-namespace-subject subjects[1]',
      'rbac-secrets-unnamed rules[0]',
    ]);
    expect([together.errors, together.code]).toEqual([[], 1]);
  });
});

describe('kubectl get -o yaml', () => {
  beforeAll(async () => {
    await plane.createNamespace('shop');
    const made = await kubectl(plane, ['apply', '-f', '-'], { stdin: OBJECTS });
    if (made.code !== 0) throw new Error(made.stderr);
  });

  it('is a List, whose items are judged with their places in it', async () => {
    const text = await written('get', 'deployments,roles,secrets', '-n', 'shop', '-o', 'yaml');
    const at = (part: string): number => {
      expect(text).toContain(part);
      return text.slice(0, text.indexOf(part)).split('\n').length;
    };

    expect(text).toMatch(/^apiVersion: v1\nitems:\n- apiVersion: apps\/v1\n/);
    expect(await told(text)).toEqual([
      `deny secret-env-ref, Deployment shop/web, ${TEMPLATE}.containers[0].env[0].valueFrom.secretKeyRef: ${at('secretKeyRef:\n')}: secretKeyRef:`,
      `warn secret-consumer-root, Deployment shop/web, ${TEMPLATE}.containers[0].securityContext.runAsNonRoot: ${at('env:\n')}: env:`,
      `deny rbac-secrets-list-watch, Role shop/reader, rules[0]: ${at('apiGroups:\n')}: apiGroups:`,
      `${ISOLATION} shop/db, metadata.namespace: ${at('name: db\n    namespace: shop') + 1}: namespace: shop`,
      `warn secret-last-applied, Secret shop/db, metadata.annotations[${LAST}]: ${at(`${LAST}: |\n        {"apiVersion":"v1","kind":"Secret"`)}: ${LAST}: |`,
    ]);
  });

  it('of one object finds the same as of the list', async () => {
    const list = await reportOfScan(['-f', '-'], await written('get', 'roles', '-A', '-o', 'yaml'));
    const one = await written('get', 'role', 'reader', '-n', 'shop', '-o', 'yaml');
    const { findings } = await reportOfScan(['-f', '-'], one);
    const own = list.findings.filter(({ name }) => name === 'reader');

    expect(findings.map(({ fingerprint }) => fingerprint)).toEqual(
      own.map(({ fingerprint }) => fingerprint),
    );
    expect(own).toHaveLength(1);
  });
});

const OBJECTS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      automountServiceAccountToken: false
      containers:
        - name: app
          image: registry.example/web:1
          env:
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [list] }]
---
apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
stringData: { password: canary-get }
`;
