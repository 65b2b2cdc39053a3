// A real API server for tests: etcd, kube-apiserver and, when asked for, kube-controller-manager,
// on 127.0.0.1 with data that goes with it. There is no kubelet and no scheduler: Pods stay Pending.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { findBinary, type Binary } from './binaries.ts';
import { adminKubeconfig, lastCertificate, writeCredentials } from './credentials.ts';
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  servingCertificate,
  type Layout,
} from './flags.ts';
import { createNamespace, createServiceAccount } from './namespaces.ts';
import { eventually } from './poll.ts';
import { freePorts } from './ports.ts';
import { startProcess, type ManagedProcess } from './process.ts';
import { request } from './request.ts';
import type { Endpoint, Identity } from './transport.ts';

const READY_MS = 60_000;

export interface ControlPlaneOptions {
  readonly controllerManager?: boolean;
  /** Added at the end, so that they override the harness's own. */
  readonly apiServerArgs?: readonly string[];
}

export interface ControlPlane extends Endpoint {
  /** The administrator's kubeconfig file. */
  readonly kubeconfigPath: string;
  /** The same for @kubernetes/client-node. */
  readonly kubeConfig: KubeConfig;
  /** Somebody else, for the `as` of requests: the administrator impersonates them. */
  as(user: string, groups?: readonly string[]): Identity;
  /** A namespace with its `default` ServiceAccount, without which no Pod can be made in it. */
  createNamespace(name: string, labels?: Readonly<Record<string, string>>): Promise<void>;
  /** The last lines of a program's log, kube-apiserver's unless named. */
  logs(name?: Binary, lines?: number): string;
  /** Ends the programs and removes their data. */
  stop(): Promise<void>;
}

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const names: Binary[] = ['etcd', 'kube-apiserver'];
  if (options.controllerManager === true) names.push('kube-controller-manager');
  for (const name of names) findBinary(name);
  return start(options).catch((error: unknown) => {
    // A port that was free a moment ago went to another program: once more, with others.
    if (error instanceof Error && /address already in use/.test(error.message))
      return start(options);
    throw error;
  });
}

async function start(options: ControlPlaneOptions): Promise<ControlPlane> {
  const dir = await mkdtemp(join(tmpdir(), 'hushgate-control-plane-'));
  const processes: ManagedProcess[] = [];
  const stop = async (): Promise<void> => {
    // In the order in which each still finds the one that it talks to.
    for (const process of processes.splice(0).reverse()) await process.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    return await boot(dir, processes, options, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function boot(
  dir: string,
  processes: ManagedProcess[],
  options: ControlPlaneOptions,
  stop: () => Promise<void>,
): Promise<ControlPlane> {
  const [etcdPort = 0, apiPort = 0] = await freePorts(2);
  const credentials = await writeCredentials(dir);
  const layout: Layout = { dir, etcdPort, apiPort, credentials };
  const run = async (name: Binary, args: readonly string[]): Promise<void> => {
    const env = { HOME: dir, PATH: process.env['PATH'] ?? '' };
    const logFile = join(dir, `${name}.log`);
    processes.push(await startProcess(findBinary(name), args, { logFile, env }));
  };

  await run('etcd', etcdFlags(layout));
  await run('kube-apiserver', [...apiServerFlags(layout), ...(options.apiServerArgs ?? [])]);
  const endpoint = await whenReady(processes, layout);
  const { kubeconfigPath, caFile } = await writeFiles(dir, endpoint);
  if (options.controllerManager === true) {
    await run('kube-controller-manager', controllerManagerFlags(layout, kubeconfigPath, caFile));
    await whenDefaultServiceAccount(processes, endpoint);
  } else {
    await createServiceAccount(endpoint, 'default');
  }

  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfigPath);
  return {
    ...endpoint,
    kubeconfigPath,
    kubeConfig,
    as: (user, groups = []) => ({ user, groups }),
    createNamespace: (name, labels) => createNamespace(endpoint, name, labels),
    logs: (name = 'kube-apiserver', lines = 30) =>
      processes.find((process) => process.name === name)?.logs(lines) ?? '',
    stop: async () => {
      endpoint.agent.destroy();
      await stop();
    },
  };
}

async function writeFiles(dir: string, { url, caPem, token }: Endpoint) {
  const kubeconfigPath = join(dir, 'kubeconfig');
  const caFile = join(dir, 'ca.crt');
  await writeFile(kubeconfigPath, adminKubeconfig(url, caPem, token), { mode: 0o600 });
  await writeFile(caFile, caPem);
  return { kubeconfigPath, caFile };
}

/** kube-apiserver makes its certificate first, then listens, then gets ready. */
function whenReady(processes: readonly ManagedProcess[], layout: Layout): Promise<Endpoint> {
  const agent = new Agent({ keepAlive: true });
  return watching(processes, 'kube-apiserver answers ok to /readyz', async () => {
    const chain = await readFile(servingCertificate(layout), 'utf8').catch(() => '');
    const caPem = lastCertificate(chain);
    if (caPem === undefined) return undefined;
    const url = `https://127.0.0.1:${layout.apiPort}`;
    const endpoint = { url, caPem, token: layout.credentials.token, agent };
    const answer = await request(endpoint, { method: 'GET', path: '/readyz' }).catch(
      () => undefined,
    );
    return answer?.status === 200 ? endpoint : undefined;
  });
}

/** Without it no Pod can be made in the namespace that every cluster has. */
function whenDefaultServiceAccount(
  processes: readonly ManagedProcess[],
  endpoint: Endpoint,
): Promise<true> {
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  return watching(processes, 'kube-controller-manager makes a ServiceAccount', async () => {
    const answer = await request(endpoint, { method: 'GET', path });
    return answer.status === 200 ? true : undefined;
  });
}

/** Polls, but gives up at once when a program ends; the error carries the logs' last lines. */
async function watching<T>(
  processes: readonly ManagedProcess[],
  what: string,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const checked = (): Promise<T | undefined> => {
    const dead = processes.find((process) => process.ended() !== undefined);
    if (dead !== undefined) throw new Error(`${dead.name} ended: ${dead.ended() ?? ''}`);
    return probe();
  };
  return eventually(what, checked, { timeoutMs: READY_MS }).catch((cause: unknown) => {
    const logs = processes.map((process) => `--- ${process.name}\n${process.logs()}`);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error([reason, ...logs].join('\n'), { cause });
  });
}
