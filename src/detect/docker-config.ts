import { holdsPassword } from './authorization.ts';
import type { Sighting } from './detection.ts';
import { firstSighting } from './scan.ts';
import { isPlaceholder } from './weak.ts';

const LOGIN =
  /"(auth|password|identitytoken|registrytoken)\\?"\s{0,8}:\s{0,8}\\?"([^"\\]{1,8192})/g;

/**
 * A Docker configuration (`.dockerconfigjson`, or the older `.dockercfg` without `auths`) with a login in it.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function findDockerConfig(text: string): Sighting | undefined {
  if (!text.includes('"auth')) return undefined;
  const current = text.includes('"auths');
  const label = 'a Docker registry login';
  const judge = (match: RegExpExecArray): Sighting | undefined => {
    const [whole, field, value = ''] = match;
    const holds = field === 'auth' ? holdsPassword(value) : current && !isPlaceholder(value);
    return holds ? { kind: 'docker-config', label, length: whole.length } : undefined;
  };
  return firstSighting(text, LOGIN, judge, { kind: 'docker-config', label });
}
