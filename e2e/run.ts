// One command for the end-to-end tests: makes a kind cluster, builds and loads the image, runs Jest, and
// removes the cluster. Arguments go to Jest. HUSHGATE_E2E_KEEP=1 keeps the cluster, and the next run takes
// one that is there. KIND_NODE_IMAGE chooses the node image, DOCKER_BUILD_ARGS adds to `docker build`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from './support/build.ts';
import { run } from './support/shell.ts';

const CLUSTER = 'hushgate-e2e';
const IMAGE = 'hushgate:e2e';
const folder = join(tmpdir(), CLUSTER);
const kubeconfig = join(folder, 'kubeconfig');
const keep = process.env['HUSHGATE_E2E_KEEP'] === '1';

const since = performance.now();
const say = (text: string): void => {
  process.stderr.write(`[${((performance.now() - since) / 1000).toFixed(0)} s] ${text}\n`);
};

async function makeCluster(): Promise<void> {
  const there = (await run('kind', ['get', 'clusters'])).stdout.split('\n').includes(CLUSTER);
  if (there) {
    await run('kind', ['export', 'kubeconfig', '--name', CLUSTER, '--kubeconfig', kubeconfig]);
    return;
  }
  const image = process.env['KIND_NODE_IMAGE'];
  const chosen = image === undefined ? [] : ['--image', image];
  const args = ['--name', CLUSTER, '--kubeconfig', kubeconfig, '--wait', '120s', ...chosen];
  const create = () => run('kind', ['create', 'cluster', ...args]);
  // kind gives a node half a minute to boot, which a busy machine may miss; it removes what it began.
  await create().catch((error: unknown) => {
    say(`once more: ${String(error)}`);
    return create();
  });
}

/** An administrator with a token, for requests that kubectl would hide something of. */
async function makeAdministrator(): Promise<string> {
  const kubectl = (...args: string[]) => run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
  const account = await kubectl('-n', 'kube-system', 'get', 'sa', 'e2e', '--ignore-not-found');
  if (account.stdout === '') {
    await kubectl('-n', 'kube-system', 'create', 'serviceaccount', 'e2e');
    const subject = '--serviceaccount=kube-system:e2e';
    await kubectl('create', 'clusterrolebinding', 'e2e', '--clusterrole=cluster-admin', subject);
  }
  return (await kubectl('-n', 'kube-system', 'create', 'token', 'e2e', '--duration=12h')).stdout;
}

function runJest(token: string): boolean {
  // --forceExit: a test that fails may leave its load running.
  const how = ['--selectProjects', 'e2e', '--runInBand', '--forceExit'];
  const jest = ['node_modules/jest/bin/jest.js', ...how];
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  const { status } = spawnSync('node', [...flags, ...jest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      HUSHGATE_E2E_CLUSTER: CLUSTER,
      HUSHGATE_E2E_IMAGE: IMAGE,
      HUSHGATE_E2E_TOKEN: token,
    },
  });
  return status === 0;
}

async function collectLogs(): Promise<void> {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const attempt = { allowFailure: true };
  await run('kind', ['export', 'logs', logs, '--name', CLUSTER], attempt);
  for (const what of ['get,pods', 'get,events', 'describe,pods']) {
    const args = [...what.split(','), '-A', '--kubeconfig', kubeconfig];
    const { stdout } = await run('kubectl', args, attempt);
    writeFileSync(join(logs, `${what.replace(',', '-')}.txt`), stdout);
  }
  say(`logs: ${logs}`);
}

let passed: boolean;
try {
  mkdirSync(folder, { recursive: true });
  // One after the other: side by side on two cores, the node would miss its time.
  say('image');
  await buildImage(IMAGE);
  say('cluster');
  await makeCluster();
  await run('kind', ['load', 'docker-image', IMAGE, '--name', CLUSTER]);
  const token = await makeAdministrator();
  say('tests');
  passed = runJest(token);
  if (!passed) await collectLogs();
} finally {
  if (!keep) await run('kind', ['delete', 'cluster', '--name', CLUSTER], { allowFailure: true });
  say('done');
}
process.exitCode = passed ? 0 : 1;
