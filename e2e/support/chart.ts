// The chart as a platform team installs it.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/integration/harness/poll.ts';
import { image } from './environment.ts';
import { kubectl, run, type Ran } from './shell.ts';

export const RELEASE = 'hushgate';
export const NAMESPACE = 'hushgate';
export const CHART = 'charts/hushgate';

export type Values = Readonly<Record<string, unknown>>;

const [repository = '', tag = ''] = image.split(':');

/** What every install here has: our image; everything else is the chart's default. */
const OURS: Values = { image: { repository, tag } };

async function valuesFile(values: Values): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hushgate-values-'));
  const file = join(folder, 'values.yaml');
  await writeFile(file, JSON.stringify({ ...OURS, ...values }));
  return file;
}

/** Installs the chart or changes its values, and waits until the new Pods are ready. */
export async function install(values: Values, chart = CHART): Promise<void> {
  const file = await valuesFile(values);
  const place = ['--namespace', NAMESPACE, '--create-namespace'];
  const wait = ['--wait', '--timeout', '150s'];
  await run('helm', ['upgrade', '--install', RELEASE, chart, ...place, ...wait, '-f', file]);
}

/** Pods of the server, those that are going away too. */
export async function serverPods(): Promise<readonly string[]> {
  const select = ['-n', NAMESPACE, '-l', 'app.kubernetes.io/component=webhook'];
  const { stdout } = await kubectl('get', 'pods', ...select, '-o', 'name');
  return stdout.split('\n').filter((name) => name !== '');
}

/** New Pods with the configuration of now; resolves when none of the old ones is left to answer. */
export async function restart(): Promise<void> {
  const old = await serverPods();
  await kubectl('rollout', 'restart', '-n', NAMESPACE, `deployment/${RELEASE}`);
  await kubectl('rollout', 'status', '-n', NAMESPACE, `deployment/${RELEASE}`, '--timeout=150s');
  await gone(old);
}

/** Resolves when none of these Pods is left, not even to drain. */
export async function gone(old: readonly string[]): Promise<void> {
  await eventually(
    'the old Pods are gone',
    async () => ((await serverPods()).some((name) => old.includes(name)) ? undefined : true),
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}

export async function template(values: Values, ...more: readonly string[]): Promise<string> {
  const file = await valuesFile(values);
  const version = ['--kube-version', '1.30.0'];
  const place = ['--namespace', NAMESPACE, '-f', file];
  return (await run('helm', ['template', RELEASE, CHART, ...place, ...version, ...more])).stdout;
}

export function uninstall(): Promise<Ran> {
  return run('helm', [
    'uninstall',
    RELEASE,
    '--namespace',
    NAMESPACE,
    '--wait',
    '--timeout',
    '120s',
  ]);
}

/** Removes whatever a test before this one left, so that each file starts alike. */
export async function reset(): Promise<void> {
  const quiet = ['--ignore-not-found', '--wait=true'];
  await kubectl('delete', 'validatingwebhookconfiguration', RELEASE, ...quiet);
  const listed = await run('helm', ['list', '-n', NAMESPACE, '-q', '--all']);
  if (listed.stdout !== '')
    await run('helm', ['uninstall', RELEASE, '-n', NAMESPACE, '--no-hooks']);
  await kubectl('delete', 'namespace', NAMESPACE, ...quiet);
}

/** A CA and a certificate for the Service, made with `hushgate certs`. PEM texts. */
export async function makeCertificates() {
  const folder = await mkdtemp(join(tmpdir(), 'hushgate-certs-'));
  const dns = `${RELEASE}.${NAMESPACE}.svc`;
  await run('node', ['src/bin/hushgate.ts', 'certs', '--dns', dns, '--out', folder]);
  const files = ['ca.crt', 'tls.crt', 'tls.key'].map((name) =>
    readFile(join(folder, name), 'utf8'),
  );
  const [ca = '', cert = '', key = ''] = await Promise.all(files);
  return { folder, ca, cert, key };
}

/** Values of tls.mode provided: a Secret in the namespace, and its CA. */
export async function providedTls(): Promise<Values> {
  const { folder, ca: caBundle } = await makeCertificates();
  await run('kubectl', ['create', 'namespace', NAMESPACE]);
  const pair = [`--cert=${join(folder, 'tls.crt')}`, `--key=${join(folder, 'tls.key')}`];
  await kubectl('-n', NAMESPACE, 'create', 'secret', 'tls', 'provided', ...pair);
  return { tls: { mode: 'provided', provided: { secretName: 'provided', caBundle } } };
}
