import { isJsonObject, type Field } from '../engine/field.ts';
import type { PodTemplate } from './container.ts';

/** Where client libraries look for a token; whatever the author mounts there keeps the injected one out. */
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** `TokenVolumeSource` of the ServiceAccount admission plugin; 3607 stands for an hour. */
const INJECTED_SOURCES = [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  {
    downwardAPI: {
      items: [
        { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
      ],
    },
  },
];

/**
 * Whether a volume is the one that the ServiceAccount admission plugin injects into every Pod: by its
 * content, since a name is free to choose.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/plugin/pkg/admission/serviceaccount/admission.go
 */
export function isInjectedToken(volume: Field): boolean {
  return equals(volume.at('projected', 'sources').value, INJECTED_SOURCES);
}

/** Whether a pod has the injected volume. */
export function hasInjectedToken({ volumes }: PodTemplate): boolean {
  return volumes.some(isInjectedToken);
}

/**
 * Whether each container mounts something of the author's where the token would be injected, so that the
 * admission plugin leaves it out. (It never looks at ephemeral containers.)
 */
export function masksToken({ containers, volumes }: PodTemplate): boolean {
  const injected = new Set(
    volumes.filter(isInjectedToken).map((volume) => volume.get('name').text()),
  );
  return containers
    .filter(({ class: list }) => list !== 'ephemeralContainers')
    .every(({ field }) =>
      field
        .get('volumeMounts')
        .items()
        .some(
          (mount) =>
            mount.get('mountPath').text() === TOKEN_PATH && !injected.has(mount.get('name').text()),
        ),
    );
}

/** Deep equality with a value of our own, whose depth bounds it. */
function equals(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((item, index) => equals(value[index], item))
    );
  }
  if (!isJsonObject(wanted)) return value === wanted;
  const keys = Object.keys(wanted);
  return (
    isJsonObject(value) &&
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key) && equals(value[key], wanted[key]))
  );
}
