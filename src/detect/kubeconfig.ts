import type { Sighting } from './detection.ts';
import { firstSighting } from './scan.ts';
import { isPlaceholder } from './weak.ts';

const LOGIN =
  /\b(?:client-key-data|token|password)\\?["']?[ \t]{0,8}:[ \t]{0,8}\\?["']?([^\s"',{}[\]\\]{4,4096})/g;

/**
 * A kubeconfig, YAML or JSON, whose users log in with a token, a password or a client key that stands in it. One that
 * only names files or an exec plugin holds no credential.
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function findKubeconfig(text: string): Sighting | undefined {
  // The rarest word first: what is not there is found out without reading much.
  const words = [':', 'Config', 'clusters', 'users'];
  if (!words.every((word) => text.includes(word))) return undefined;
  const label = 'a kubeconfig with a credential';
  const judge = (match: RegExpExecArray): Sighting | undefined =>
    isPlaceholder(match[1] ?? '')
      ? undefined
      : { kind: 'kubeconfig-credential', label, length: match[0].length };
  return firstSighting(text, LOGIN, judge, { kind: 'kubeconfig-credential', label });
}
