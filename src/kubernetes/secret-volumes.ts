import type { Field } from '../engine/field.ts';
import { count, join, literal, name, series, type SafeText } from '../engine/safe-text.ts';
import type { Container, PodTemplate } from './container.ts';

/** A Secret whose keys become files of a volume: all of `secret`, or one source of `projected`. */
export interface SecretFiles {
  /** The `secret` map. */
  readonly at: Field;
  /** The field that names the Secret: `secretName` of a volume, `name` of a projected source. */
  readonly secret: Field;
  /** The volume's `defaultMode`, which holds for every item that has no `mode` of its own. */
  readonly defaultMode: Field;
  readonly items: Field;
}

/** Some Secrets of one volume. */
export interface SecretNames {
  /** As messages call them: `Secret db`; of a CSI volume only its own name is known. */
  readonly secrets: SafeText;
  /** The same for fingerprints: sorted, and bounded, since many findings may repeat it. */
  readonly referent: readonly SafeText[];
}

/** What a volume shows to a container that mounts it. */
interface Shown extends SecretNames {
  /** Whether the volume itself is read-only, as a CSI volume may say. */
  readonly readOnly: boolean;
}

/** A `volumeMounts[]` entry of a volume that shows Secrets to a container. */
export interface SecretMount extends Shown {
  readonly container: Container;
  readonly mount: Field;
}

/** @see https://secrets-store-csi-driver.sigs.k8s.io/ */
const SECRETS_STORE_DRIVER = 'secrets-store.csi.k8s.io';

/** Of more Secrets in one volume, the fingerprint has the number. */
const MOST_REFERENTS = 20;

/** Templates further out than this are not searched for a volume: Argo's reach is two. */
const FURTHEST = 8;

/** The Secrets that a volume shows as files, in the order in which they are written. */
export function secretFiles(volume: Field): readonly SecretFiles[] {
  const whole = volume.get('secret');
  const projected = volume.get('projected');
  const sources = projected
    .get('sources')
    .items()
    .map((source) => source.get('secret'));
  const files = (at: Field, nameKey: string, holder: Field): SecretFiles => ({
    at,
    secret: at.get(nameKey),
    defaultMode: holder.get('defaultMode'),
    items: at.get('items'),
  });
  return [
    ...(whole.present ? [files(whole, 'secretName', whole)] : []),
    ...sources.filter(({ present }) => present).map((at) => files(at, 'name', projected)),
  ];
}

/**
 * Every mount of a secret volume, a projected one with Secrets, or one of the Secrets Store CSI driver.
 * Computed once per template.
 */
export function secretMounts(template: PodTemplate): readonly SecretMount[] {
  return template.spec.once(secretMounts, () => [...everyMount(template)]);
}

function* everyMount(template: PodTemplate): Generator<SecretMount> {
  for (const container of template.containers) {
    for (const mount of container.field.get('volumeMounts').items()) {
      const shown = shownBy(template, mount.get('name').text() ?? '');
      if (shown !== undefined && shown.referent.length > 0) yield { container, mount, ...shown };
    }
  }
}

/** What the volume of a name shows: the template's own volume, or else that of one around it. */
function shownBy(template: PodTemplate, volume: string): Shown | undefined {
  let here: PodTemplate | undefined = template;
  for (let steps = 0; here !== undefined && steps < FURTHEST; steps += 1) {
    const shown = shownByVolumes(here).get(volume);
    if (shown !== undefined) return shown;
    here = here.outer;
  }
  return undefined;
}

function shownByVolumes(template: PodTemplate): ReadonlyMap<string, Shown> {
  return template.spec.once(
    shownByVolumes,
    () =>
      new Map(template.volumes.map((volume) => [volume.get('name').text() ?? '', shownIn(volume)])),
  );
}

const NOTHING: Shown = { ...secretNames([]), readOnly: false };

function shownIn(volume: Field): Shown {
  const texts = secretFiles(volume).map(({ secret }) => secretText(secret));
  if (volume.at('csi', 'driver').value === SECRETS_STORE_DRIVER) {
    texts.push(join(' ', [literal('CSI volume'), name(volume.get('name'))]));
  }
  if (texts.length === 0) return NOTHING;
  return { ...secretNames(texts), readOnly: volume.at('csi', 'readOnly').flag() === true };
}

/** Secrets, each once, for a message and a fingerprint. */
export function secretNames(texts: readonly SafeText[]): SecretNames {
  const sorted = [...new Set(texts)].sort();
  const referent = sorted.slice(0, MOST_REFERENTS);
  const more = count(sorted.length - MOST_REFERENTS);
  if (sorted.length > MOST_REFERENTS) {
    referent.push(join(' ', [literal('and'), more, literal('more Secrets')]));
  }
  return { secrets: series(sorted), referent };
}

/** A Secret as messages call it, by the field that holds its name. */
export function secretText(field: Field): SafeText {
  return join(' ', [literal('Secret'), name(field)]);
}
