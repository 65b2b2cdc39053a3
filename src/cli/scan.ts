import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import { defaultSettings, loadConfiguration } from '../config/load.ts';
import { atLeast, MODES, PROFILES, type Mode, type Profile } from '../engine/policy.ts';
import type { Settings } from '../engine/settings.ts';
import { FORMATS, render, type Format } from '../report/format.ts';
import { readBaseline, withoutBaseline, writeBaseline } from '../scan/baseline.ts';
import { inputsOf } from '../scan/files.ts';
import { REPORT_VERSION, type ReportedFinding, type ScanReport } from '../scan/report.ts';
import { startScan } from '../scan/scan.ts';
import { EXIT } from './exit.ts';
import { fixFiles, fixMistake, fixOption, type FixFlags } from './scan-fix.ts';

const FAIL_ON = ['deny', 'warn', 'audit', 'never'] as const;

interface ScanFlags extends FixFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly namespace: string;
  readonly config?: string;
  readonly profile?: Profile;
  readonly output: Format;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly allowUnjudged?: true;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

const HELP = `
Every document is judged by the same engine as in the webhook. Roles in the input are what its
bindings are judged by. What cannot be judged (broken YAML, an unrendered template, a role that
is not in the input) is told, and is never a pass. Values of Secrets are never shown.

Exit codes: 0 all judged, nothing at or above --fail-on; 1 findings; 2 usage, or input that was
not judged (also beside findings; --allow-unjudged relaxes); 3 internal error.

--fix rewrites files in place where there is one right answer that breaks nothing: readOnly: true
on mounts of Secrets, and mode 0440 where the pod sets an fsGroup. --fix=automount also sets
automountServiceAccountToken: false; --fix=env also turns variables from Secrets into files under
/run/secrets, which the program must then read. Comments and layout stay. A diff comes first, on
stderr, with … for every value. The exit code is that of what is left; 2 if a file was not written.

Examples:
  hushgate scan -R -f deploy/
  helm template charts/shop | hushgate scan -f - -n shop
  kustomize build overlays/prod | hushgate scan -f - --config hushgate.yaml
  hushgate scan -R -f . -o sarif > hushgate.sarif
  hushgate scan -R -f . -o html > hushgate.html
  hushgate scan -R -f . --write-baseline hushgate-baseline.json
  hushgate scan -R -f . --baseline hushgate-baseline.json
  hushgate scan -R -f deploy/ --fix=automount,env --dry-run`;

export function scanCommand(version: string): Command {
  const collect = (path: string, before: readonly string[] = []): string[] => [...before, path];
  return new Command('scan')
    .description('Judge manifests before they reach the cluster.')
    .addArgument(new Argument('[path...]', 'files and folders, as with -f'))
    .addOption(
      new Option(
        '-f, --filename <path>',
        'file, folder, or - for standard input; repeatable',
      ).argParser(collect),
    )
    .option('-R, --recursive', 'folders with all that is below them')
    .addOption(
      new Option('-n, --namespace <name>', 'namespace of objects that name none')
        .default('default')
        .argParser(parseName),
    )
    .option('--config <file>', 'configuration file of the webhook: modes, options, exceptions')
    .addOption(
      new Option('--profile <name>', 'modes to start from, in place of the configuration').choices(
        PROFILES,
      ),
    )
    .addOption(new Option('-o, --output <format>', 'how').choices(FORMATS).default('pretty'))
    .addOption(
      new Option('--fail-on <mode>', 'least mode that gives exit 1')
        .choices(FAIL_ON)
        .default('deny'),
    )
    .option('--allow-unjudged', 'input that was not judged does not give exit 2')
    .option('--baseline <file>', 'accept the findings in this file, fail on new ones')
    .option('--write-baseline <file>', 'accept what is found now: write it to this file')
    .addOption(fixOption())
    .option('--dry-run', 'with --fix: show the diff alone, write nothing')
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], flags: ScanFlags, command: Command) => {
      process.exitCode = await run(inputPaths(paths, flags, command), flags, version);
    });
}

/** The paths that are to be scanned; ends the command where flags and paths do not go together. */
function inputPaths(paths: readonly string[], flags: ScanFlags, command: Command): string[] {
  const all = [...(flags.filename ?? []), ...paths];
  if (all.length === 0)
    command.error('error: say what to scan: -f <path>, or -f - for standard input');
  const mistake = fixMistake(all, flags);
  if (mistake !== undefined) command.error(`error: ${mistake}`);
  return all;
}

async function run(paths: readonly string[], flags: ScanFlags, version: string): Promise<number> {
  const settings = settingsOf(flags);
  const accepted =
    flags.baseline === undefined
      ? []
      : readBaseline(readFileSync(flags.baseline, 'utf8'), flags.baseline);
  const { namespace } = flags;
  const isFixed =
    flags.fix === undefined ||
    (await fixFiles(paths, flags.recursive === true, flags, {
      settings,
      now: Date.now(),
      namespace,
    }));
  const all = await scan(paths, flags, settings);
  if (flags.writeBaseline !== undefined) {
    writeFileSync(flags.writeBaseline, writeBaseline(all.findings));
    process.stderr.write(`${all.findings.length} findings written to ${flags.writeBaseline}\n`);
  }
  const { findings, baselined, stale } = withoutBaseline(all.findings, accepted);
  if (stale > 0) process.stderr.write(`${stale} entries of the baseline match nothing any more\n`);
  const report = { ...all, findings, summary: { ...all.summary, ...modesOf(findings), baselined } };
  const policies = settings.policies.map(({ policy }) => policy.meta);
  const { isTTY, columns } = process.stdout;
  const colour = isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const screen = { colour, ...(isTTY ? { width: columns } : {}) };
  process.stdout.write(
    render(flags.output, report, { policies, version, now: Date.now(), ...screen }),
  );
  if (!isFixed) return EXIT.usage;
  if (flags.writeBaseline !== undefined) return exitFor({ ...report, findings: [] }, flags);
  return exitFor(report, flags);
}

function settingsOf({ config, profile }: ScanFlags): Settings {
  const settings =
    config === undefined
      ? defaultSettings()
      : loadConfiguration(readFileSync(config, 'utf8'), config);
  return profile === undefined ? settings : { ...settings, profile };
}

async function scan(
  paths: readonly string[],
  flags: ScanFlags,
  settings: Settings,
): Promise<ScanReport> {
  const judged = startScan({ settings, now: Date.now(), namespace: flags.namespace });
  const errors = [];
  const notes = [];
  let files = 0;
  let ignored = 0;
  for await (const input of inputsOf(paths, flags.recursive === true, process.stdin)) {
    if (input.type === 'ignored') ignored++;
    else if (input.type === 'note') notes.push(input.note);
    else files++;
    if (input.type === 'source') judged.add(input.source);
    if (input.type === 'error') errors.push(input.error);
  }
  const { documents, objects, templates, ...result } = judged.finish();
  errors.push(...result.errors);
  notes.push(...result.notes);
  const { findings, access } = result;
  const excepted = findings.filter(({ excuse }) => excuse === 'exception').length;
  const summary = { files, documents, objects, ...modesOf(findings), excepted, baselined: 0 };
  return {
    version: REPORT_VERSION,
    summary: { ...summary, errors: errors.length, templates, ignored },
    findings,
    errors,
    notes,
    access,
  };
}

function modesOf(findings: readonly ReportedFinding[]): Record<'deny' | 'warn' | 'audit', number> {
  const count = (wanted: Mode): number => findings.filter(({ mode }) => mode === wanted).length;
  return { deny: count('deny'), warn: count('warn'), audit: count('audit') };
}

function exitFor({ findings, errors, summary }: ScanReport, flags: ScanFlags): number {
  const nothing = summary.objects === 0 && summary.documents === 0 && summary.files === 0;
  if ((errors.length > 0 || nothing) && flags.allowUnjudged !== true) return EXIT.usage;
  const least = MODES.find((mode) => mode === flags.failOn);
  const failed = least !== undefined && findings.some(({ mode }) => atLeast(mode, least));
  return failed ? EXIT.findings : EXIT.ok;
}

function parseName(text: string): string {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError('It is the name of a namespace.');
  }
  return text;
}
