// A scan of what runs, on a real API server with the controllers that make Pods and aggregate roles.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { FORMATS } from '../../src/report/format.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { eventually } from './harness/poll.ts';
import { request } from './harness/request.ts';
import { auditLog, type AuditLog } from './support/audit-log.ts';
import { accountKubeconfig, apply, lines, reportOf, scanCluster } from './support/scan-cluster.ts';

jest.setTimeout(300_000);

const RBAC = 'rbac.authorization.k8s.io';
const CANARY = 'canary-Zm9ydHktdHdv';
const apps = 'apps/v1';
const ALL = { apiGroups: [''], resources: ['secrets', 'secrets/special'], verbs: ['list', 'get'] };

let plane: ControlPlane;
let audit: AuditLog;
beforeAll(async () => {
  audit = await auditLog(['list', 'watch', 'get']);
  plane = await startControlPlane({ controllerManager: true, apiServerArgs: audit.args });
  await eventually('admin is aggregated', async () => {
    const { stdout } = await kubectl(plane, ['get', 'clusterrole', 'admin', '-o', 'json']);
    return stdout.includes('"secrets"') ? true : undefined;
  });
});
afterAll(async () => {
  await plane.stop();
  await audit.remove();
});

const scan = (...args: readonly string[]) => reportOf(plane.kubeconfigPath, args);

const template = (app: string): object => ({
  metadata: { labels: { app } },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true },
    containers: [
      { name: 'app', image: 'a', env: [{ name: 'P', valueFrom: { secretKeyRef: KEY } }] },
    ],
  },
});
const KEY = { name: 'db', key: 'p' };
const deployment = (name: string, namespace: string, replicas = 1): object => ({
  apiVersion: apps,
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name) },
});

describe('a scan of a cluster', () => {
  it('finds nothing in what Kubernetes makes itself, in the strictest profile', async () => {
    const report = await scan('--profile', 'strict', '--fail-on', 'audit');
    expect([lines(report), report.errors, report.code]).toEqual([[], [], 0]);
    expect(report.summary.objects).toBeGreaterThan(130);
    expect(report.cluster).toBe('test');
    expect(report.notes.map(({ message }) => message).join()).toContain(
      'Secrets were not asked for',
    );
  });

  it('finds the rule that was added to such a role by hand', async () => {
    const path = `/apis/${RBAC}/v1/clusterroles/system:node`;
    const { body } = await request(plane, { method: 'GET', path });
    const role = body as { rules: object[] };
    const added = { apiGroups: [''], resources: ['secrets'], verbs: ['create'] };
    const rules = [...role.rules, added];
    await request(plane, { method: 'PATCH', path, body: { rules } });
    const report = await scan();
    await request(plane, { method: 'PATCH', path, body: { rules: role.rules } });

    expect(lines(report)).toEqual([
      `rbac-secrets-write ClusterRole /system:node rules[${role.rules.length}]`,
    ]);
  });

  it('reads RBAC of the whole cluster, and says of a role that it does not exist', async () => {
    const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['a'] };
    const roleRef = (kind: string, name: string): object => ({ apiGroup: RBAC, kind, name });
    const apiVersion = `${RBAC}/v1`;
    const everybody = [{ apiGroup: RBAC, kind: 'Group', name: 'system:authenticated' }];
    const binding = (name: string, kind: string, role: string): object => ({
      ...{ apiVersion, kind: 'RoleBinding', metadata: { name, namespace: 'default' } },
      ...{ roleRef: roleRef(kind, role), subjects: everybody },
    });
    const labels = { [`${RBAC}/aggregate-to-edit`]: 'true' };
    await apply(
      plane,
      { apiVersion, kind: 'Role', metadata: { name: 'r', namespace: 'default' }, rules: [rule] },
      { apiVersion, kind: 'ClusterRole', metadata: { name: 'added', labels }, rules: [ALL] },
      binding('known', 'Role', 'r'),
      binding('missing', 'ClusterRole', 'nowhere'),
    );
    await eventually('edit has it', async () => {
      const { stdout } = await kubectl(plane, ['get', 'clusterrole', 'admin', '-o', 'json']);
      return stdout.includes('secrets/special') ? true : undefined;
    });
    const report = await scan();
    await kubectl(plane, ['delete', 'role/r', 'clusterrole/added', 'rolebinding/known']);
    await kubectl(plane, ['delete', 'rolebinding/missing']);

    expect(lines(report).sort()).toEqual([
      `rbac-aggregation ClusterRole /added metadata.labels[${RBAC}/aggregate-to-edit]`,
      'rbac-broad-subject RoleBinding default/known subjects[0]',
      'rbac-secrets-list-watch ClusterRole /added rules[0]',
    ]);
    expect(report.errors).toEqual([]);
    expect(report.notes).toContainEqual({
      file: 'cluster:test/namespaces/default/rolebindings.rbac.authorization.k8s.io/missing',
      line: 1,
      column: 1,
      message: 'binds ClusterRole nowhere, which is not there: it grants nothing until it is made',
    });
  });
});

describe('a scan of workloads', () => {
  beforeAll(async () => {
    for (const name of ['shop', 'other']) {
      await kubectl(plane, ['create', 'namespace', name]);
      await kubectl(plane, [
        '-n',
        name,
        'create',
        'secret',
        'generic',
        'db',
        `--from-literal=p=${CANARY}`,
      ]);
    }
    await eventually('ServiceAccounts', async () => {
      const { stdout } = await kubectl(plane, ['get', 'sa', '-A']);
      return /shop +default/.test(stdout) && /other +default/.test(stdout) ? true : undefined;
    });
    await apply(plane, deployment('web', 'shop'), deployment('web', 'other'));
    await eventually('a Pod', async () => {
      const { stdout } = await kubectl(plane, ['get', 'pods', '-n', 'shop', '-o', 'name']);
      return stdout.includes('pod/web') ? true : undefined;
    });
  });

  const AT = 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef';
  const web = (namespace: string): string => `secret-env-ref Deployment ${namespace}/web ${AT}`;

  it('tells a Pod and its ReplicaSet at their Deployment, in one namespace or all', async () => {
    const shop = await scan('-n', 'shop');
    expect([lines(shop), shop.code, shop.summary.folded]).toEqual([[web('shop')], 1, 2]);
    expect(shop.findings[0]?.file).toBe('cluster:test/namespaces/shop/deployments.apps/web');
    expect(lines(await scan('-A'))).toEqual([web('other'), web('shop')]);
  });

  it('leaves out past revisions, and comes to the same in pages of one object', async () => {
    await kubectl(plane, ['-n', 'shop', 'scale', 'deployment/web', '--replicas=0']);
    await eventually('no Pod', async () => {
      const { stdout } = await kubectl(plane, ['get', 'rs', '-n', 'shop', '-o', 'json']);
      return /"replicas": 0/.test(stdout) ? true : undefined;
    });
    const [paged, whole] = [
      await scan('-n', 'shop', '--chunk-size', '1'),
      await scan('-n', 'shop'),
    ];
    expect(paged).toEqual(whole);
    expect(lines(paged)).toEqual([web('shop')]);
    expect(paged.notes.map(({ message }) => message).join()).toContain('past revisions');
  });

  it('tells at the Pod itself what its owner has not', async () => {
    const { stdout } = await kubectl(plane, ['-n', 'shop', 'get', 'deploy', 'web', '-o', 'json']);
    const { metadata } = JSON.parse(stdout) as { metadata: { uid: string } };
    const { spec } = template('forged') as { spec: object };
    const pod = (name: string, uid: string, more = {}): object => {
      const owner = { apiVersion: apps, kind: 'Deployment', name: 'web', uid, controller: true };
      const own = { name, namespace: 'shop', ownerReferences: [owner] };
      return { apiVersion: 'v1', kind: 'Pod', metadata: own, spec: { ...spec, ...more } };
    };
    const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'other', key: 'p' } } }];
    await apply(
      plane,
      pod('more', metadata.uid, { containers: [{ name: 'app', image: 'a', env }] }),
    );
    const report = await scan('-n', 'shop');
    const at = AT.replace('spec.template.', '');
    expect(lines(report)).toEqual(
      expect.arrayContaining([web('shop'), `secret-env-ref Pod shop/more ${at}`]),
    );
    await kubectl(plane, ['-n', 'shop', 'delete', 'pods', '--all', '--now']);
  });

  it('judges the other kinds where one may not be listed, and is no pass', async () => {
    await kubectl(plane, ['create', 'serviceaccount', 'scanner']);
    const all = ['--verb=list', '--resource=deployments.apps,pods,replicasets.apps,configmaps'];
    await kubectl(plane, ['create', 'clusterrole', 'scanner', ...all]);
    const who = ['--clusterrole=scanner', '--serviceaccount=default:scanner'];
    await kubectl(plane, ['create', 'clusterrolebinding', 'scanner', ...who]);
    const path = await accountKubeconfig(plane, 'scanner');
    const report = await reportOf(path, ['-n', 'other']);
    const relaxed = await reportOf(path, ['-n', 'other', '--allow-unjudged']);

    expect([lines(report), report.code, relaxed.code]).toEqual([[web('other')], 2, 1]);
    expect(report.errors.map(({ file }) => file)).toContain('cluster:test/cronjobs.batch');
    expect(report.errors.map(({ message }) => message).join('\n')).toContain(
      'not allowed to list cronjobs.batch (403): grant the verb "list" on the resource "cronjobs" of the API group "batch"',
    );
  });

  it('accepts a baseline, and exits 2 for a namespace that is not there', async () => {
    const file = `${plane.kubeconfigPath}.baseline`;
    const written = await scanCluster(plane.kubeconfigPath, ['-A', '--write-baseline', file]);
    const { code } = await scan('-A', '--baseline', file);
    expect([written.code, code]).toEqual([0, 0]);
    const { code: none, stderr } = await scanCluster(plane.kubeconfigPath, ['-n', 'nowhere']);
    expect([none, stderr]).toEqual([2, 'hushgate: there is no namespace "nowhere"\n']);
  });

  it('asks for Secrets with --include-secrets alone, and never shows a value', async () => {
    await kubectl(plane, [
      '-n',
      'default',
      'create',
      'secret',
      'generic',
      's',
      `--from-literal=p=${CANARY}`,
    ]);
    const asked = async (): Promise<number> =>
      (await readFile(audit.file, 'utf8'))
        .split('\n')
        .filter((line) => /"userAgent":"hushgate"/.test(line) && /"resource":"secrets"/.test(line))
        .length;
    for (const format of FORMATS) {
      const { stdout, stderr } = await scanCluster(plane.kubeconfigPath, ['-o', format]);
      expect(stdout + stderr).not.toContain(CANARY);
    }
    expect(await asked()).toBe(0);

    const secrets = ['--include-secrets', '--profile', 'strict'];
    for (const format of FORMATS) {
      const { stdout, stderr } = await scanCluster(plane.kubeconfigPath, [
        ...secrets,
        '-o',
        format,
      ]);
      expect(stdout).toContain('secret-default-namespace');
      expect(stdout + stderr).not.toContain(CANARY);
      expect(stdout + stderr).not.toContain(Buffer.from(CANARY).toString('base64'));
    }
    expect(await asked()).toBeGreaterThan(0);
  });
});
