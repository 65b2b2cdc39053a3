import { InvalidArgumentError, Option } from 'commander';
import { parseResource } from '../cluster/discovery.ts';
import { PROFILES, type Profile } from '../engine/policy.ts';
import { FORMATS, type Format } from '../report/format.ts';
import type { ResourceName } from '../scan/kinds.ts';
import { fixMistake, fixOption, type FixFlags } from './scan-fix.ts';

const FAIL_ON = ['deny', 'warn', 'audit', 'never'] as const;

/** What was asked for on the command line. */
export interface ScanFlags extends FixFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly cluster?: true;
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly includeSecrets?: true;
  readonly customWorkload?: readonly ResourceName[];
  readonly chunkSize?: number;
  readonly config?: string;
  readonly profile?: Profile;
  readonly output: Format;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly allowUnjudged?: true;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

/** Options that mean nothing for files. */
const OF_CLUSTERS = [
  'allNamespaces',
  'kubeconfig',
  'context',
  'includeSecrets',
  'customWorkload',
  'chunkSize',
] as const satisfies readonly (keyof ScanFlags)[];

/** The options of `hushgate scan`. */
export function scanOptions(): readonly Option[] {
  return [...filesOptions(), ...clusterOptions(), ...commonOptions()];
}

function filesOptions(): readonly Option[] {
  return [
    new Option(
      '-f, --filename <path>',
      'file, folder, quoted pattern, or - for standard input; repeatable',
    ).argParser((path, before: readonly string[] | undefined) => [...(before ?? []), path]),
    new Option('-R, --recursive', 'folders with all that is below them'),
    new Option(
      '-n, --namespace <name>',
      'namespace of objects that name none (default: "default"); the one to scan with --cluster',
    ).argParser(parseName),
  ];
}

function clusterOptions(): readonly Option[] {
  return [
    new Option('--cluster', 'what runs in a cluster, in place of files'),
    new Option('-A, --all-namespaces', 'the whole cluster, as without -n').conflicts('namespace'),
    new Option('--kubeconfig <file>', 'kubeconfig file'),
    new Option('--context <name>', 'context of the kubeconfig file'),
    new Option('--include-secrets', 'list Secrets and judge them too; no value is kept or shown'),
    new Option(
      '--custom-workload <kind>',
      'one more custom kind with a pod template: rollouts.argoproj.io; repeatable',
    ).argParser((text, before: readonly ResourceName[] | undefined) => [
      ...(before ?? []),
      parseKind(text),
    ]),
    new Option('--chunk-size <objects>', 'objects asked for at once (default: 250)').argParser(
      parseSize,
    ),
  ];
}

function commonOptions(): readonly Option[] {
  return [
    new Option('--config <file>', 'configuration file of the webhook: modes, options, exceptions'),
    new Option('--profile <name>', 'modes to start from, in place of the configuration').choices(
      PROFILES,
    ),
    new Option('-o, --output <format>', 'how').choices(FORMATS).default('pretty'),
    new Option('--fail-on <mode>', 'least mode that gives exit 1').choices(FAIL_ON).default('deny'),
    new Option('--allow-unjudged', 'input that was not judged does not give exit 2'),
    new Option('--baseline <file>', 'accept the findings in this file, fail on new ones'),
    new Option('--write-baseline <file>', 'accept what is found now: write it to this file'),
    fixOption(),
    new Option('--dry-run', 'with --fix: show the diff alone, write nothing'),
  ];
}

/** What is wrong with the command line as a whole. */
export function mistakeIn(paths: readonly string[], flags: ScanFlags): string | undefined {
  if (flags.cluster === true) {
    const isFiles = paths.length > 0 || flags.recursive === true || flags.fix !== undefined;
    return isFiles ? '--cluster scans what runs: leave the files and --fix out' : undefined;
  }
  const option = OF_CLUSTERS.find((name) => flags[name] !== undefined);
  if (option !== undefined) {
    const written = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${written} goes with --cluster`;
  }
  if (paths.includes('')) return 'a path is empty: is a variable not set?';
  if (paths.indexOf('-') !== paths.lastIndexOf('-'))
    return 'the standard input can be read once: say -f - one time';
  if (paths.length === 0)
    return 'say what to scan: -f <path>, -f - for standard input, or --cluster';
  return fixMistake(paths, flags);
}

function parseName(text: string): string {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError('It is the name of a namespace.');
  }
  return text;
}

function parseKind(text: string): ResourceName {
  const kind = parseResource(text);
  if (kind === undefined) {
    throw new InvalidArgumentError('It is plural and group: rollouts.argoproj.io.');
  }
  return kind;
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > 10_000) {
    throw new InvalidArgumentError('It is a number from 1 to 10000.');
  }
  return size;
}
