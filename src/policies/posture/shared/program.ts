import type { Field } from '../../../engine/field.ts';
import type { Subject } from '../../../engine/subject.ts';
import { containerOf, type Container } from '../../../kubernetes/container.ts';
import { containers } from '../../../kubernetes/pod-template.ts';
import {
  CLUSTER_CONFIGURATION,
  ENVIRONMENT_FILE,
  ETCD_FILE,
  POD,
  type Resource,
} from '../../../kubernetes/resources.ts';

/** Kinds in which a component of the control plane is set up. */
export const PROGRAM_KINDS: readonly Resource[] = [POD, CLUSTER_CONFIGURATION];

/** A setting of a program; the value is undefined where something else fills it in. */
export interface Setting {
  readonly at: Field;
  readonly value: string | undefined;
}

/** How one run of a program is set up, wherever that is written. */
export interface Program {
  readonly from: 'flags' | 'kubeadm' | 'environment' | 'file';
  readonly container: ReturnType<typeof containerOf>;
  /** The place of a setting that is not there. */
  missing(flag: string): Field;
  /** Every value that a flag is given, in the order in which they count. */
  all(flag: string): readonly Setting[];
}

/** The value of a flag that counts: of several the last. */
export function setting(program: Program, flag: string): Setting | undefined {
  return program.all(flag).at(-1);
}

/** Whether a flag is given at all: an empty value is none. */
export function isGiven(found: Setting | undefined): found is Setting {
  return found !== undefined && found.value !== '';
}

/** Whether a flag is on, as Go reads a boolean; undefined where its value is not known. */
export function isOn(found: Setting | undefined): boolean | undefined {
  if (found === undefined) return false;
  return found.value === undefined ? undefined : /^(?:1|t|true)$/i.test(found.value);
}

/** Every kube-apiserver that an object starts: the containers of a Pod, or what kubeadm is told of it. */
export function apiServers(subject: Subject): readonly Program[] {
  if (is(subject, POD)) return inPod(subject, 'kube-apiserver');
  if (!is(subject, CLUSTER_CONFIGURATION)) return [];
  return [inKubeadm(subject.object.at('apiServer', 'extraArgs'))];
}

/** The same for etcd, whose variables count where no flag is given. */
export function etcdServers(subject: Subject): readonly Program[] {
  if (is(subject, POD)) return inPod(subject, 'etcd');
  if (is(subject, ENVIRONMENT_FILE)) return [inEnvironmentFile(subject.object)];
  if (is(subject, ETCD_FILE)) return [inConfigurationFile(subject.object)];
  const local = subject.object.at('etcd', 'local');
  if (!is(subject, CLUSTER_CONFIGURATION) || !local.present) return [];
  return [inKubeadm(local.get('extraArgs'), environment(local.get('extraEnvs')))];
}

/** `client-cert-auth` as a variable of etcd. */
export function etcdVariable(flag: string): string {
  return `ETCD_${flag.toUpperCase().replaceAll('-', '_')}`;
}

type Settings = ReadonlyMap<string, readonly Setting[]>;

const NONE: Settings = new Map();

function inPod(subject: Subject, program: string): Program[] {
  return [...containers(subject)].flatMap((container) => inContainer(container, program) ?? []);
}

function inContainer(container: Container, program: string): Program | undefined {
  const { field } = container;
  const words = [...field.get('command').items(), ...field.get('args').items()].flatMap(wordsOf);
  const own = argumentsOf(words, program) ?? (runsImage(field, program) ? words : undefined);
  if (own === undefined) return undefined;
  const flags = flagsIn(own);
  const variables = program === 'etcd' ? environment(field.get('env')) : NONE;
  const place = (own[0] ?? words[0])?.at.parent ?? field.get('command');
  return {
    from: 'flags',
    container: containerOf(container),
    missing: () => place,
    all: (flag) => flags.get(flag) ?? variables.get(etcdVariable(flag)) ?? [],
  };
}

interface Word {
  readonly at: Field;
  readonly text: string;
}

/** The words of one argument: several where it is a script for a shell. */
function wordsOf(at: Field): Word[] {
  const text = at.text() ?? '';
  if (!/\s/.test(text) || text.startsWith('-')) return [{ at, text }];
  return text
    .split(/(?:\s|\\\n)+|(?=[;&|])|(?<=[;&|])/)
    .map((word) => ({ at, text: word.replace(/^["']|["']$/g, '') }))
    .filter((word) => word.text !== '');
}

/** `--backend etcd`: the word behind a flag is its value; not behind `sh -ec`. */
const TAKES_A_VALUE = /^--?(?![a-z]*c$)[\w-]{2,}$/;

/** What stands behind a program: where it is the first word, or a wrapper's or script's with flags. */
function argumentsOf(words: readonly Word[], program: string): readonly Word[] | undefined {
  const start = words.findIndex(
    ({ text }, index) =>
      (text === program || text.endsWith(`/${program}`)) &&
      (index === 0 ||
        (words[index + 1]?.text.startsWith('-') === true &&
          !TAKES_A_VALUE.test(words[index - 1]?.text ?? ''))),
  );
  if (start === -1) return undefined;
  const rest = words.slice(start + 1);
  const end = rest.findIndex(({ text }) => /^[;&|]$/.test(text));
  return end === -1 ? rest : rest.slice(0, end);
}

/** An image named after its program, started without a command of one's own. */
function runsImage(container: Field, program: string): boolean {
  const image = container.get('image').text() ?? '';
  const name = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/)[0] ?? '';
  return name === program && !container.get('command').present;
}

/** `--name=value`, `--name value` and `--name` alone, with one dash or two. */
function flagsIn(words: readonly Word[]): Settings {
  const found = new Map<string, Setting[]>();
  for (const [index, { at, text }] of words.entries()) {
    const [, name, , inline] = /^--?([\w-]+)(=([^]*))?$/.exec(text) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1]?.text;
    const value = inline ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    add(found, name.replaceAll('_', '-'), { at, value: known(value) });
  }
  return found;
}

function environment(list: Field): Settings {
  const found = new Map<string, Setting[]>();
  for (const variable of list.items()) {
    const value = variable.get('value');
    const at = value.present ? value : variable;
    add(found, variable.get('name').text() ?? '', { at, value: known(value.text()) });
  }
  return found;
}

/** `extraArgs`: a map in v1beta3, a list of name and value from v1beta4 on. */
function inKubeadm(extraArgs: Field, variables: Settings = NONE): Program {
  const found = new Map<string, Setting[]>();
  const entries = extraArgs.isList()
    ? extraArgs.items().map((item) => [item.get('name').text() ?? '', item.get('value')] as const)
    : extraArgs.entries().map((entry) => [String(entry.key), entry] as const);
  for (const [name, at] of entries) add(found, name, { at, value: known(at.text() ?? '') });
  return {
    from: 'kubeadm',
    container: {},
    missing: () => extraArgs,
    all: (flag) => found.get(flag) ?? variables.get(etcdVariable(flag)) ?? [],
  };
}

function inEnvironmentFile(file: Field): Program {
  return {
    from: 'environment',
    container: {},
    missing: (flag) => file.get(etcdVariable(flag)),
    all: (flag) => {
      const at = file.get(etcdVariable(flag));
      return at.present ? [{ at, value: known(at.text()) }] : [];
    },
  };
}

const TLS = /^(peer-)?((?:cert|key|trusted-ca)-file|client-cert-auth|auto-tls)$/;

/** Of TLS, clients and peers have each a map of their own. Every switch is a boolean, all else a text. */
function inConfigurationFile(file: Field): Program {
  const place = (flag: string): Field => {
    const [, peer, own] = TLS.exec(flag) ?? [];
    if (own === undefined) return file.get(flag);
    return file.at(`${peer === undefined ? 'client' : 'peer'}-transport-security`, own);
  };
  const read = (at: Field): string | undefined =>
    /auth$|^auto/.test(String(at.key)) ? at.flag()?.toString() : at.text();
  return {
    from: 'file',
    container: {},
    missing: place,
    all: (flag) => {
      const at = place(flag);
      return at.present ? [{ at, value: known(read(at)) }] : [];
    },
  };
}

function add(to: Map<string, Setting[]>, name: string, found: Setting): void {
  const there = to.get(name);
  if (there === undefined) to.set(name, [found]);
  else there.push(found);
}

/** A value that is a variable as a whole is not known. */
function known(value: string | undefined): string | undefined {
  return value === undefined || /^\$[({]?\w+[)}]?$/.test(value) ? undefined : value;
}

function is({ group, kind }: Subject, resource: Resource): boolean {
  return group === resource.group && kind === resource.kind;
}
