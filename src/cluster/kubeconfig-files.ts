// kubeconfig files as kubectl reads and merges them, where @kubernetes/client-node does otherwise.
import type { KubeConfig, User } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ClusterError } from './errors.ts';
import { field, isObject, textAt, type JsonObject } from './json.ts';

/** The file that was asked for, else those that are there of KUBECONFIG, else the one at home. */
export function kubeconfigFiles(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (given !== undefined) return [given];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const files = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
  return files.filter((file) => existsSync(file));
}

/** Adds a file to what was read before it: of two entries of one name, the first counts. */
export function addFile(config: KubeConfig, part: KubeConfig, file: string): void {
  const value = readKubeconfig(file);
  try {
    part.loadFromString(JSON.stringify(asClientReads(value, dirname(resolve(file)))));
  } catch {
    // Its message may quote the file, which holds credentials.
    throw new ClusterError('misconfigured', `cannot read ${file}: no kubeconfig file`);
  }
  part.makePathsAbsolute(dirname(resolve(file)));
  config.clusters = distinct([...config.clusters, ...part.clusters]);
  config.users = distinct([...config.users, ...part.users]);
  config.contexts = distinct([...config.contexts, ...part.contexts]);
  const current = config.currentContext as string | undefined;
  if ((current ?? '') === '') config.currentContext = part.currentContext;
}

function distinct<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const byName = new Map(entries.toReversed().map((entry) => [entry.name, entry]));
  return [...byName.values()].reverse();
}

function readKubeconfig(file: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ClusterError('misconfigured', `cannot read ${file}: ${textAt(error, 'code')}`);
  }
  const value = parsed(text);
  if (!isObject(value)) {
    throw new ClusterError('misconfigured', `cannot read ${file}: no kubeconfig file`);
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return load(text);
  } catch {
    return undefined;
  }
}

/** The same file in words that client-node knows. */
function asClientReads(file: JsonObject, folder: string): JsonObject {
  const entries = (key: string, inner: string, change: (value: JsonObject) => JsonObject) => {
    const list = field(file, key);
    if (!Array.isArray(list)) return {};
    const changed = (list as readonly unknown[]).map((entry) => {
      const value = field(entry, inner);
      return isObject(entry) && isObject(value) ? { ...entry, [inner]: change(value) } : entry;
    });
    return { [key]: changed };
  };
  return {
    ...file,
    ...entries('clusters', 'cluster', plainAllowed),
    ...entries('users', 'user', (user) => withTokenFile(withCommand(user, folder), folder)),
  };
}

/** `kubectl proxy` has no TLS that could be verified. */
function plainAllowed(cluster: JsonObject): JsonObject {
  const isPlain = textAt(cluster, 'server').startsWith('http:');
  return isPlain ? { ...cluster, 'insecure-skip-tls-verify': true } : cluster;
}

/**
 * A command with a slash is relative to the file, like every other path in it. Plugins learn from a variable
 * which version of the answer is wanted, and that nobody is there to be asked.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
function withCommand(user: JsonObject, folder: string): JsonObject {
  const exec = field(user, 'exec');
  if (!isObject(exec)) return user;
  const { apiVersion, command, env } = exec;
  const isPath = typeof command === 'string' && command.includes('/');
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  const told = { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) };
  return {
    ...user,
    exec: {
      ...exec,
      command: isPath ? resolve(folder, command) : command,
      env: [...(Array.isArray(env) ? (env as readonly unknown[]) : []), told],
    },
  };
}

const TOKEN_FILE = 'token-file';

/** It counts over a token in the same file. */
function withTokenFile(user: JsonObject, folder: string): JsonObject {
  const path = textAt(user, 'tokenFile');
  if (path === '') return user;
  const provider = { name: TOKEN_FILE, config: { path: resolve(folder, path) } };
  return { ...user, token: undefined, 'auth-provider': provider };
}

/** Reads the token anew for each request, since something else renews it; a last newline is none of it. */
export const tokenFiles = {
  isAuthProvider: (user: User): boolean => textAt(user, 'authProvider', 'name') === TOKEN_FILE,
  applyAuthentication: async (user: User, options: RequestOptions): Promise<void> => {
    const path = textAt(user, 'authProvider', 'config', 'path');
    const token = (await readFile(path, 'utf8')).trim();
    options.headers = Object.assign(options.headers ?? {}, { Authorization: `Bearer ${token}` });
  },
};
