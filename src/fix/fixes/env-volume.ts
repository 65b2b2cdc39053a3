import { posix } from 'node:path';
import type { Field } from '../../engine/field.ts';
import type { Subject } from '../../engine/subject.ts';
import type { Container, PodTemplate } from '../../kubernetes/container.ts';
import type { Variable } from './env-obstacle.ts';

/** Where a Secret is mounted. */
export function mountPathFor(secret: string): string {
  return `/run/secrets/${secret}`;
}

/** Every path of a container at which a volume or device is, as it is in an image where /var/run is /run. */
export function pathsOf({ field }: Container): readonly string[] {
  const paths = [
    ...field
      .get('volumeMounts')
      .items()
      .map((mount) => mount.get('mountPath')),
    ...field
      .get('volumeDevices')
      .items()
      .map((device) => device.get('devicePath')),
  ];
  return paths.map((path) => normal(path.text() ?? ''));
}

function normal(path: string): string {
  const whole = posix.normalize(`/${path}`).replace(/\/$/, '');
  return whole.replace(/^\/var\/run(?=\/|$)/, '/run');
}

/** A file of a Secret's key, and its mode. */
interface MountedFile {
  readonly path: string;
  readonly mode: number;
}

/** What the API sets where a volume says no mode. */
const DEFAULT_MODE = 0o644;

/** The file of a Secret's key that a container has already, where a whole volume of the Secret is mounted. */
export function mountedFile(
  { volumes }: PodTemplate,
  { container, secret, key }: Pick<Variable, 'container' | 'secret' | 'key'>,
): MountedFile | undefined {
  const itemIn = (volume: Field): Field | undefined =>
    volume
      .at('secret', 'items')
      .items()
      .find((item) => item.get('key').value === key && item.get('path').value === key);
  const shows = (volume: Field): boolean => {
    const source = volume.get('secret');
    return (
      source.get('secretName').value === secret &&
      source.get('optional').value !== true &&
      (source.get('items').items().length === 0 || itemIn(volume) !== undefined)
    );
  };
  const shown = new Map(volumes.filter(shows).map((volume) => [volume.get('name').value, volume]));
  const mount = container.field
    .get('volumeMounts')
    .items()
    .find(
      (each) =>
        shown.has(each.get('name').value) &&
        !each.get('subPath').present &&
        !each.get('subPathExpr').present,
    );
  const path = mount?.get('mountPath').text();
  const volume = shown.get(mount?.get('name').value);
  if (path === undefined || volume === undefined || !/^\/[-\w./]+$/.test(path)) return undefined;
  const mode = itemIn(volume)?.get('mode').number() ?? volume.at('secret', 'defaultMode').number();
  return { path: `${path.replace(/\/$/, '')}/${key}`, mode: mode ?? DEFAULT_MODE };
}

/** Gives each new volume a name that no other has: that of the Secret, or with a number after it. */
export function volumeNames(
  template: PodTemplate,
  { object }: Subject,
): (secret: string) => string {
  const texts = (fields: readonly Field[]): readonly unknown[] => fields.map(({ value }) => value);
  const taken = new Set([
    ...texts(template.volumes.map((volume) => volume.get('name'))),
    ...texts(
      template.containers
        .flatMap(({ field }) => field.get('volumeMounts').items())
        .map((mount) => mount.get('name')),
    ),
    // A StatefulSet makes a volume of each of these claims, in place of one of the same name.
    ...texts(
      object
        .at('spec', 'volumeClaimTemplates')
        .items()
        .map((claim) => claim.at('metadata', 'name')),
    ),
  ]);
  return (secret) => {
    const label = secret.replaceAll('.', '-');
    for (let number = 1; ; number++) {
      const end = number === 1 ? '' : `-${number}`;
      const name = label.slice(0, 63 - end.length).replace(/-+$/, '') + end;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
}
