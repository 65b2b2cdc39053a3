import { isJsonObject, type Field } from '../../engine/field.ts';
import type { JudgedFinding } from '../../engine/judge.ts';
import { fieldPath } from '../../engine/path.ts';
import type { Container, PodTemplate } from '../../kubernetes/container.ts';
import { isWindows } from '../../kubernetes/pod-security.ts';
import type { FixCase } from '../fix.ts';
import { mountedFile, mountPathFor, pathsOf } from './env-volume.ts';

/** What the name of a variable ends in that names a file, by the custom of Docker's official images. */
export const FILE = '_FILE';

/** An `env[]` entry from a Secret. */
export interface Variable {
  readonly finding: JudgedFinding;
  readonly container: Container;
  readonly entry: Field;
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

/** Why a variable cannot become a file without a change that nobody would see; undefined where it can. */
export function obstacle(
  template: PodTemplate,
  variable: Variable,
  { findings }: FixCase,
): string | undefined {
  const { container, entry, finding } = variable;
  if (!template.whole) return 'it is not known where volumes go in a pod of this kind';
  if (isWindows(template)) return 'the pod is for Windows, which has no /run/secrets';
  if (container.class === 'ephemeralContainers')
    return 'an ephemeral container takes no new volume';
  const within = `${fieldPath(entry)}.`;
  const other = findings.find(
    ({ policy, path }) => policy !== finding.policy && path.startsWith(within),
  );
  if (other !== undefined) return `${other.policy} finds more in it, which a file would only hide`;
  return (
    inReference(variable) ?? inNames(variable) ?? inUse(variable) ?? inPaths(template, variable)
  );
}

function inReference({ entry, name, secret, key }: Variable): string | undefined {
  const reference = entry.at('valueFrom', 'secretKeyRef');
  const known = (field: Field, keys: readonly string[]): boolean =>
    field.entries().every(({ key: own, present }) => !present || keys.includes(String(own)));
  const isWhole =
    known(entry, ['name', 'valueFrom']) &&
    known(entry.get('valueFrom'), ['secretKeyRef']) &&
    known(reference, ['name', 'key', 'optional']);
  const isNamed =
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) &&
    /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/.test(secret) &&
    /^(?!\.\.)(?!\.$)[-._A-Za-z0-9]{1,253}$/.test(key);
  if (!isWhole || !isNamed) return 'it is no variable of a name from one key of one Secret';
  if (reference.get('optional').flag() === true)
    return 'it is optional, and a path to a file that need not be there is something else';
  return undefined;
}

function inNames({ container, name }: Variable): string | undefined {
  const variables = container.field.get('env').items();
  const count = (wanted: string): number =>
    variables.filter((each) => each.get('name').text() === wanted).length;
  if (count(name) > 1) return 'its container sets it twice';
  if (count(name + FILE) > 0) return `its container has a variable ${name}${FILE} already`;
  for (const source of container.field.get('envFrom').items()) {
    if (name.startsWith(source.get('prefix').text() ?? '')) {
      return `envFrom of its container may set ${name} or ${name}${FILE} too, which it now overrides`;
    }
  }
  return undefined;
}

/** A `$(NAME)` that Kubernetes fills in, or a shell's `$NAME`: then it is more than the program that reads it. */
function inUse({ container, entry, name }: Variable): string | undefined {
  const word = new Set([name, name + FILE]);
  const isUsed = container.field
    .entries()
    .flatMap((field) => (field.key === 'env' && field.isList() ? field.items() : [field]))
    .filter(({ key, value }) => key !== entry.key || value !== entry.value)
    .some(({ value }) => uses(value, word));
  return isUsed ? `its container uses ${name} in another place of the manifest` : undefined;
}

/** Whether a text below a value has one of the words in it. */
function uses(value: unknown, words: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return value.split(/\W+/).some((word) => words.has(word));
  if (Array.isArray(value)) return value.some((item) => uses(item, words));
  return isJsonObject(value) && Object.values(value).some((each) => uses(each, words));
}

function inPaths(template: PodTemplate, variable: Variable): string | undefined {
  if (mountedFile(template, variable) !== undefined) return undefined;
  const path = mountPathFor(variable.secret);
  const clashes = (other: string): boolean =>
    other === path || path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
  // The token of the ServiceAccount is mounted below.
  const taken = [...pathsOf(variable.container), '/run/secrets/kubernetes.io/serviceaccount'];
  return taken.some(clashes)
    ? `something is mounted at, above or below ${path} already`
    : undefined;
}
