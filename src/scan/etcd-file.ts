import { isJsonObject } from '../engine/field.ts';
import { ETCD_FILE } from '../kubernetes/resources.ts';
import { typeMeta } from './objects.ts';

/** etcd.conf.yml, etcd-events.conf.yaml, etcd.config.json. */
const NAME = /(?:^|[/\\])etcd(?:[.-][\w.-]*)?\.conf(?:ig)?\.(?:ya?ml|json)$/;

/** Keys by which a file is etcd's, whatever its name. */
const KEYS = [
  'advertise-client-urls',
  'client-transport-security',
  'initial-advertise-peer-urls',
  'listen-client-http-urls',
  'listen-client-urls',
  'listen-peer-urls',
  'peer-transport-security',
] as const;

const LINE = new RegExp(`^["']?(?:${KEYS.join('|')})["']?[ \\t]*:`, 'm');

/** Whether a text has a line of etcd's own configuration, and so is no list of variables. */
export function hasEtcdKey(text: string): boolean {
  return LINE.test(text);
}

/**
 * The document of a file that etcd takes as its `--config-file`, as an object with a kind; undefined for
 * any other.
 * @see https://github.com/etcd-io/etcd/blob/v3.6.5/etcd.conf.yml.sample
 */
export function etcdObject(file: string, value: unknown): unknown {
  if (!isJsonObject(value) || typeMeta(value) !== 'neither') return undefined;
  if (!NAME.test(file) && !KEYS.some((key) => Object.hasOwn(value, key))) return undefined;
  const { group, kind } = ETCD_FILE;
  return { ...value, apiVersion: `${group}/v1alpha1`, kind };
}
