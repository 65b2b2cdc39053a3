import type { Field } from '../engine/field.ts';
import type { Container, PodTemplate } from './container.ts';
import { secretFiles } from './secret-volumes.ts';
import { DRIVERS } from './volume-drivers.ts';

/**
 * How a pod uses a Secret that it names.
 * `environment`: a container gets values of it as variables.
 * `mount`:       a volume shows it as files; the containers that mount the volume get it.
 * `reference`:   the kubelet or a volume driver logs in with it; no container gets it.
 */
export type SecretUse = 'environment' | 'mount' | 'reference';

export interface SecretReference {
  readonly use: SecretUse;
  /** The map that refers: `secretKeyRef`, `secretRef`, `secret`, an entry of `imagePullSecrets` … */
  readonly at: Field;
  /** The field that holds the Secret's name; present. */
  readonly secret: Field;
  /** With `environment`: the container that gets it. */
  readonly container?: Container;
}

/**
 * Every place where a pod template names a Secret: the list of `VisitPodSecretNames`, by which the node
 * authorizer decides which Secrets a kubelet may read. As there, one without a name or with an empty one is none.
 * Computed once per template.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/api/v1/pod/util.go
 */
export function secretReferences(template: PodTemplate): readonly SecretReference[] {
  return template.spec.once(secretReferences, () =>
    [...everyReference(template)].filter(({ secret }) => secret.present && secret.value !== ''),
  );
}

function* everyReference(template: PodTemplate): Generator<SecretReference> {
  const { containers, volumes } = template;
  for (const container of containers) yield* environment(container);
  for (const volume of volumes) {
    for (const { at, secret } of secretFiles(volume)) yield { use: 'mount', at, secret };
    for (const source of volume.entries()) {
      const driver = DRIVERS.get(String(source.key));
      if (driver === undefined) continue;
      const at = source.at(...driver.reference);
      yield { use: 'reference', at, secret: at.get(driver.nameKey) };
    }
  }
  for (const at of pullSecrets(template)) {
    yield { use: 'reference', at, secret: at.get('name') };
  }
}

/** In a part of a template, a list of anything but maps (of names, say) is the custom kind's own. */
function pullSecrets({ spec, whole }: PodTemplate): readonly Field[] {
  const list = spec.get('imagePullSecrets');
  if (whole) return list.items();
  return list.isList() ? list.items().filter((item) => item.isMap()) : [];
}

function* environment(container: Container): Generator<SecretReference> {
  for (const source of container.field.get('envFrom').items()) {
    const at = source.get('secretRef');
    yield { use: 'environment', at, secret: at.get('name'), container };
  }
  for (const variable of container.field.get('env').items()) {
    const from = variable.get('valueFrom');
    if (!from.present) continue;
    const at = from.get('secretKeyRef');
    yield { use: 'environment', at, secret: at.get('name'), container };
  }
}
