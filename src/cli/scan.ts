import { Argument, Command } from 'commander';
import { readGiven, writeGiven } from '../config/given-file.ts';
import { defaultSettings, loadConfiguration } from '../config/load.ts';
import { atLeast, MODES } from '../engine/policy.ts';
import type { Settings } from '../engine/settings.ts';
import { render } from '../report/format.ts';
import { counted } from '../report/text.ts';
import { readBaseline, withoutBaseline, writeBaseline } from '../scan/baseline.ts';
import type { ScanReport } from '../scan/report.ts';
import { exceptedIn, modesOf } from '../scan/summary.ts';
import { EXIT } from './exit.ts';
import { scanCluster } from './scan-cluster.ts';
import { scanFiles } from './scan-files.ts';
import { fixFiles } from './scan-fix.ts';
import { mistakeIn, scanOptions, type ScanFlags } from './scan-options.ts';

const HELP = `
Every object is judged by the same engine as in the webhook. Roles in the input are what its
bindings are judged by. What cannot be judged (broken YAML, an unrendered template, a role that
is not in the input, a kind that may not be listed) is told, and is never a pass. Values of
Secrets are never shown.

--cluster judges what runs: workloads, custom ones with a pod template too, RBAC, ConfigMaps and
the kinds of external secret managers, in the whole cluster or in the namespace of -n. A Pod, Job
or ReplicaSet is told at its owner where that has the same finding, and what Kubernetes makes
itself is no finding as it was made. Secrets are asked for with --include-secrets alone: a list of
them is a read of every value, and the audit log shows it as one. Without it nothing is said of
Secret objects themselves; their use in workloads and the access to them are judged as ever.

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
  hushgate scan -R -f deploy/ --fix=automount,env --dry-run
  hushgate scan --cluster --context prod -o html > prod.html
  hushgate scan --cluster -n shop --fail-on warn`;

export function scanCommand(version: string): Command {
  const command = new Command('scan')
    .description('Judge manifests before they reach the cluster, or what runs in one.')
    .addArgument(new Argument('[path...]', 'files and folders, as with -f'));
  for (const option of scanOptions()) command.addOption(option);
  return command
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], flags: ScanFlags) => {
      const all = [...(flags.filename ?? []), ...paths];
      const mistake = mistakeIn(all, flags);
      if (mistake !== undefined) command.error(`error: ${mistake}`);
      process.exitCode = await run(all, flags, version);
    });
}

async function run(paths: readonly string[], flags: ScanFlags, version: string): Promise<number> {
  const settings = settingsOf(flags);
  const accepted =
    flags.baseline === undefined
      ? []
      : readBaseline(readGiven('--baseline', flags.baseline), flags.baseline);
  const { namespace = 'default' } = flags;
  const isFixed =
    flags.fix === undefined ||
    (await fixFiles(paths, flags.recursive === true, flags, {
      settings,
      now: Date.now(),
      namespace,
    }));
  const all = await scan(paths, flags, settings);
  if (flags.writeBaseline !== undefined) {
    writeGiven('--write-baseline', flags.writeBaseline, writeBaseline(all.findings));
    const written = counted(all.findings.length, 'finding');
    process.stderr.write(`${written} written to ${flags.writeBaseline}\n`);
  }
  const report = newIn(all, accepted);
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

/** What the baseline does not accept; entries of it that match nothing are told. */
function newIn(all: ScanReport, accepted: readonly string[]): ScanReport {
  const { findings, baselined, stale } = withoutBaseline(all.findings, accepted);
  if (stale > 0) {
    const entries = counted(
      stale,
      'entry of the baseline matches',
      'entries of the baseline match',
    );
    process.stderr.write(`${entries} nothing any more\n`);
  }
  const counts = { ...modesOf(findings), excepted: exceptedIn(findings), baselined };
  return { ...all, findings, summary: { ...all.summary, ...counts } };
}

function settingsOf({ config, profile }: ScanFlags): Settings {
  const settings =
    config === undefined
      ? defaultSettings()
      : loadConfiguration(readGiven('--config', config), config);
  return profile === undefined ? settings : { ...settings, profile };
}

function scan(paths: readonly string[], flags: ScanFlags, settings: Settings): Promise<ScanReport> {
  const { namespace, recursive = false, includeSecrets = false } = flags;
  if (flags.cluster !== true) {
    return scanFiles({ paths, recursive, namespace: namespace ?? 'default' }, settings);
  }
  const { kubeconfig, context, customWorkload: customWorkloads = [], chunkSize = 250 } = flags;
  const where = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  return scanCluster({ ...where, namespace, includeSecrets, customWorkloads, chunkSize }, settings);
}

function exitFor({ findings, errors }: ScanReport, flags: ScanFlags): number {
  if (errors.length > 0 && flags.allowUnjudged !== true) return EXIT.usage;
  const least = MODES.find((mode) => mode === flags.failOn);
  const failed = least !== undefined && findings.some(({ mode }) => atLeast(mode, least));
  return failed ? EXIT.findings : EXIT.ok;
}
