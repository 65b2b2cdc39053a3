// A scan of a namespace in which nothing is: clean for who may ask whether it is there, and for nobody else.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kubectl } from './harness/kubectl.ts';
import { accountKubeconfig, apply, reportOf, scanCluster } from './support/scan-cluster.ts';

jest.setTimeout(180_000);

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await plane.createNamespace('empty');
});
afterAll(() => plane.stop());

it('exits with 0 and says that it is empty, as kubectl does', async () => {
  const { code, stdout, stderr } = await scanCluster(plane.kubeconfigPath, ['-n', 'empty']);

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('namespace "empty" has no object of the kinds that are judged');
  expect(stdout).toContain('0 objects in cluster test: 0 deny, 0 warn, 0 audit; all judged\n');
});

it.each(['empty', 'emtpy'])('is not judged by who may list all, but not get %s', async (name) => {
  await kubectl(plane, ['create', 'serviceaccount', name]);
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['list'] }];
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await apply(plane, { apiVersion, kind: 'ClusterRole', metadata: { name }, rules });
  const who = [`--clusterrole=${name}`, `--serviceaccount=default:${name}`];
  await kubectl(plane, ['create', 'clusterrolebinding', name, ...who]);
  const report = await reportOf(await accountKubeconfig(plane, name), ['-n', name]);

  expect([report.code, report.summary.objects]).toEqual([2, 0]);
  expect(report.errors.map(({ message }) => message)).toEqual([
    `nothing was found in namespace "${name}", and whether it is there may not be asked: check its name, or grant the verb "get" on the resource "namespaces"`,
  ]);
});
