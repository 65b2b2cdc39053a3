import { isJsonObject, type Field } from '../engine/field.ts';
import { CONTAINER_CLASSES, type Container, type PodTemplate } from './container.ts';
import { hasContainerShape, isStrayContainer, own, showsTemplate, volumesIn } from './shapes.ts';

/**
 * Nesting beyond this is noted as not judged. No kind comes near it (a pod template in a list in a list is
 * twenty deep), and paths of findings stay short, so that the work stays linear in the object's size.
 */
const DEEPEST = 100;

/** A template while its containers are being found. */
interface Draft extends PodTemplate {
  readonly containers: Container[];
}

/** A map or list on the way down; its Field is made only where something is found. */
interface Node {
  readonly value: object;
  readonly key: string | number;
  readonly parent: Node | undefined;
  readonly depth: number;
  /** The nearest template around it. */
  readonly outer: Draft | undefined;
  field?: Field;
  items?: readonly Field[];
}

/**
 * The pod templates of an object whose kind is not built in, in the order in which they are written:
 * maps that hold a list of containers, or volumes with secrets, and containers that stand alone (a
 * Tekton step, an Argo Workflow's `container`). Visits each value once and reads own properties only.
 * Notes no type as wrong, since what has another shape in a custom kind is something else.
 */
export function searchByStructure(object: Field): readonly PodTemplate[] {
  const found = new Map<object, Draft>();
  const { value } = object;
  if (!isJsonObject(value)) return [];
  visit(
    { value, key: '', parent: undefined, depth: 0, outer: undefined, field: object },
    found,
    new Set(['metadata', 'status']),
  );
  return [...found.values()];
}

/** Recursive, since the depth is bounded. */
function visit(node: Node, found: Map<object, Draft>, skipped?: ReadonlySet<string>): void {
  const { value, depth } = node;
  if (depth > DEEPEST) {
    fieldOf(node).tooDeep();
    return;
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    list.forEach((item, key) => {
      descend(node, key, item, node.outer, found);
    });
    return;
  }
  if (!isJsonObject(value)) return;
  const keys = Object.keys(value);
  const shown = showsTemplate(keys) ? take(node, found) : undefined;
  for (const key of keys) {
    if (skipped?.has(key) === true || shown?.taken.has(key) === true) continue;
    descend(node, key, value[key], shown?.inner ?? node.outer, found);
  }
}

function descend(
  parent: Node,
  key: string | number,
  value: unknown,
  outer: Draft | undefined,
  found: Map<object, Draft>,
): void {
  if (typeof value !== 'object' || value === null) return;
  visit({ value, key, parent, depth: parent.depth + 1, outer }, found);
}

/** What a map shows of a template: the template, for what stands below, and the lists that it has taken. */
function take(
  node: Node,
  found: Map<object, Draft>,
): { readonly inner?: Draft; readonly taken: ReadonlySet<string> } {
  const lists = CONTAINER_CLASSES.filter((list) => isContainerList(own(node.value, list)));
  const volumes = volumesIn(node.value);
  if (lists.length > 0 || volumes.length > 0) {
    const field = fieldOf(node);
    const items = field.get('volumes').value === undefined ? [] : field.get('volumes').items();
    const inner = draft(
      field,
      lists,
      volumes.flatMap((index) => items[index] ?? []),
      node.outer,
    );
    if (!inner.whole && isStrayContainer(node.value)) {
      inner.containers.push({ class: 'container', field });
    }
    found.set(node.value, inner);
    return { inner, taken: new Set(lists) };
  }
  if (isStrayContainer(node.value)) {
    const owner = ownerOf(node);
    const around = found.get(owner.value) ?? draft(fieldOf(owner), [], [], owner.outer);
    around.containers.push({ class: 'container', field: fieldOf(node) });
    found.set(owner.value, around);
  }
  return { taken: new Set() };
}

/** The map in which a stray container stands, perhaps below a list, with the others of its pod. */
function ownerOf(node: Node): Node {
  let owner = node.parent ?? node;
  while (owner.parent !== undefined && Array.isArray(owner.value)) owner = owner.parent;
  return owner;
}

/**
 * Whole below a `spec` with `containers`, but for a custom object's own, which holds its other fields too. Where a
 * container has no image, something else adds it: this is but laid over the pod that an operator makes.
 */
function draft(
  spec: Field,
  lists: readonly (typeof CONTAINER_CLASSES)[number][],
  volumes: readonly Field[],
  outer: Draft | undefined,
): Draft {
  const { key, parent } = spec;
  const containers = lists.flatMap((list) =>
    spec
      .get(list)
      .items()
      .map((field): Container => ({ class: list, field })),
  );
  const isTemplate = key === 'spec' && parent?.parent !== undefined && lists.includes('containers');
  const whole =
    isTemplate && containers.every(({ field }) => field.value === null || hasImage(field));
  return { field: isTemplate ? parent : spec, spec, containers, volumes, whole, outer };
}

function hasImage(container: Field): boolean {
  return typeof own(container.value, 'image') === 'string';
}

function isContainerList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(hasContainerShape);
}

/** The Field of a node, made once, with those above it. */
function fieldOf(node: Node): Field {
  node.field ??= makeField(node);
  return node.field;
}

function makeField({ key, parent }: Node): Field {
  if (parent === undefined) throw new Error('the root has its field from the start');
  if (typeof key === 'string') return fieldOf(parent).get(key);
  parent.items ??= fieldOf(parent).items();
  const item = parent.items[key];
  if (item === undefined) throw new Error('a list lost an item');
  return item;
}
