import type { Field } from '../../engine/field.ts';
import { fieldPath, keysTo } from '../../engine/path.ts';
import type { Subject } from '../../engine/subject.ts';
import type { Container, PodTemplate } from '../../kubernetes/container.ts';
import { hasFsGroup, rootUser } from '../../kubernetes/pod-security.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import type { Change, Plain } from '../change.ts';
import type { Fix, FixCase, Left, Plan } from '../fix.ts';
import { FILE, obstacle, type Variable } from './env-obstacle.ts';
import { mountedFile, mountPathFor, volumeNames } from './env-volume.ts';

/**
 * A variable from a Secret becomes the path of a file: `DB_PASSWORD` from key `password` of Secret `db`
 * becomes `DB_PASSWORD_FILE: /run/secrets/db/password`, with a volume of that key alone and a mount of it.
 * A missing Secret or key keeps the container from starting, as before.
 */
export const envFile: Fix = {
  policy: 'secret-env-ref',
  extra: 'env',

  *plans(given) {
    for (const template of podTemplates(given.subject)) {
      const moves: Move[] = [];
      for (const variable of variablesIn(template, given)) {
        const move = moveFor(template, variable, given);
        if ('reason' in move) yield move;
        else moves.push(move);
      }
      if (moves.length > 0) yield planFor(template, moves, given.subject);
    }
  },
};

/** A variable, and the file that it becomes. */
interface Move extends Variable {
  readonly file: string;
  /** Set where no volume shows the file yet: its mode. */
  readonly mode?: number;
}

function* variablesIn({ containers }: PodTemplate, { wanted }: FixCase): Generator<Variable> {
  for (const container of containers) {
    for (const entry of container.field.get('env').items()) {
      const reference = entry.at('valueFrom', 'secretKeyRef');
      const finding = wanted.get(fieldPath(reference));
      if (finding === undefined) continue;
      const text = (field: Field): string => field.text() ?? '';
      const name = text(entry.get('name'));
      const [secret, key] = [text(reference.get('name')), text(reference.get('key'))];
      yield { finding, container, entry, name, secret, key };
    }
  }
}

function moveFor(template: PodTemplate, variable: Variable, given: FixCase): Move | Left {
  const { finding } = variable;
  const reason = obstacle(template, variable, given);
  if (reason !== undefined) return { finding, reason };
  const shown = mountedFile(template, variable);
  const file = shown?.path ?? `${mountPathFor(variable.secret)}/${variable.key}`;
  const left = textObstacle(template, { ...variable, file }, shown !== undefined, given);
  if (left !== undefined) return { finding, reason: left };
  const mode = modeFor(template, variable.container);
  if (shown !== undefined && (shown.mode & OTHERS_READ) !== 0) return { ...variable, file };
  if (mode === undefined) return { finding, reason: NO_GROUP };
  return shown === undefined ? { ...variable, file, mode } : { ...variable, file };
}

const OTHERS_READ = 0o004;

const NO_GROUP =
  'the pod sets no fsGroup, so a program that is not root could not read a file that others may not: set securityContext.fsGroup first';

function modeFor(template: PodTemplate, container: Container): number | undefined {
  if (hasFsGroup(template)) return 0o440;
  return rootUser(template, container)?.certain === true ? 0o400 : undefined;
}

/** Whether the text lets each of the places be changed. */
function textObstacle(
  { spec }: PodTemplate,
  move: Move,
  mounted: boolean,
  { problem }: FixCase,
): string | undefined {
  const trial = { name: 'trial' };
  const needed = mounted
    ? []
    : [extend(move.container.field, 'volumeMounts', [trial]), extend(spec, 'volumes', [trial])];
  for (const change of [...renamed(move), ...needed]) {
    const reason = problem(change);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function planFor(template: PodTemplate, moves: readonly Move[], subject: Subject): Plan {
  const added = addedVolumes(template, moves, subject);
  const { mounts } = added;
  return {
    findings: moves.map(({ finding }) => finding),
    changes: [
      ...moves.flatMap(renamed),
      ...[...mounts].map(([container, items]) => extend(container.field, 'volumeMounts', items)),
      ...(added.volumes.length === 0 ? [] : [extend(template.spec, 'volumes', added.volumes)]),
    ],
    advice: moves.map(
      ({ name, file }) =>
        `${name} is gone: the program must read ${file}, the file that ${name}${FILE} names`,
    ),
  };
}

function renamed({ entry, name, file }: Move): readonly Change[] {
  const at = keysTo(entry);
  return [
    { type: 'set', at, key: 'name', value: name + FILE },
    { type: 'swap', at, key: 'valueFrom', newKey: 'value', value: file },
  ];
}

/** Puts items in a list that may not be there yet. */
function extend(holder: Field, key: string, items: readonly Plain[]): Change {
  const list = holder.get(key);
  return list.present
    ? { type: 'append', at: keysTo(list), items }
    : { type: 'set', at: keysTo(holder), key, value: items };
}

/** One volume for each set of keys, so that no container comes to see a key that it had no variable of. */
function addedVolumes(
  template: PodTemplate,
  moves: readonly Move[],
  subject: Subject,
): { readonly volumes: readonly Plain[]; readonly mounts: ReadonlyMap<Container, Plain[]> } {
  const nameFor = volumeNames(template, subject);
  const volumes = new Map<string, { readonly name: string; readonly volume: Plain }>();
  const mounts = new Map<Container, Plain[]>();
  for (const [first, ...more] of byContainerAndSecret(moves)) {
    const { secret, mode = 0, container } = first;
    const keys = [...new Set([first, ...more].map(({ key }) => key))];
    const id = JSON.stringify([secret, mode, ...keys.toSorted()]);
    const known = volumes.get(id);
    const name = known?.name ?? nameFor(secret);
    const items = keys.map((key) => ({ key, path: key }));
    const volume = { name, secret: { secretName: secret, defaultMode: mode, items } };
    if (known === undefined) volumes.set(id, { name, volume });
    const mount = { name, mountPath: mountPathFor(secret), readOnly: true };
    mounts.set(container, [...(mounts.get(container) ?? []), mount]);
  }
  return { volumes: [...volumes.values()].map(({ volume }) => volume), mounts };
}

function byContainerAndSecret(moves: readonly Move[]): (readonly [Move, ...Move[]])[] {
  const groups: [Move, ...Move[]][] = [];
  for (const move of moves) {
    if (move.mode === undefined) continue;
    const group = groups.find(
      ([{ container, secret }]) => container === move.container && secret === move.secret,
    );
    if (group === undefined) groups.push([move]);
    else group.push(move);
  }
  return groups;
}
