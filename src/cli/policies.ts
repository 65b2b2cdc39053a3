import { Argument, Command, Option } from 'commander';
import { profileMode, PROFILES, type PolicyModule } from '../engine/policy.ts';
import { catalogue } from '../policies/catalogue.ts';

type Format = 'table' | 'json' | 'name';

export function policiesCommand(): Command {
  const list = new Command('list')
    .description('List every policy with its mode in each profile.')
    .addOption(
      new Option('-o, --output <format>', 'how')
        .choices(['table', 'json', 'name'])
        .default('table'),
    )
    .action(({ output }: { output: Format }) => {
      process.stdout.write(`${listing(output)}\n`);
    });
  const explain = new Command('explain')
    .description('Explain one policy: what it finds, why, what to do.')
    .addArgument(new Argument('<policy>', 'its id').choices(catalogue.map(({ meta }) => meta.id)))
    .action((id: string) => {
      const policy = catalogue.find(({ meta }) => meta.id === id);
      if (policy !== undefined) process.stdout.write(`${explanation(policy)}\n`);
    });
  return new Command('policies')
    .description('List the policies, or explain one.')
    .addCommand(list.exitOverride(), { isDefault: true })
    .addCommand(explain.exitOverride())
    .addHelpText('after', '\nExample:\n  hushgate policies explain secret-env-ref');
}

function listing(format: Format): string {
  if (format === 'name') return catalogue.map(({ meta }) => meta.id).join('\n');
  if (format === 'json') {
    const rows = catalogue.map(({ meta }) => {
      const modes = PROFILES.map((profile) => [profile, profileMode(meta, profile)] as const);
      const { id, title, severity, practice } = meta;
      return { id, title, severity, practice, modes: Object.fromEntries(modes) };
    });
    return JSON.stringify(rows, null, 2);
  }
  return table([
    ['POLICY', 'SEVERITY', ...PROFILES.map((profile) => profile.toUpperCase()), 'FINDS'],
    ...catalogue.map(({ meta }) => [
      meta.id,
      meta.severity,
      ...PROFILES.map((profile) => profileMode(meta, profile)),
      meta.title,
    ]),
  ]);
}

/** Columns as kubectl prints them: three spaces between, the last one unpadded. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

function explanation({ meta, options }: PolicyModule): string {
  const kinds = meta.appliesTo.resources.map(({ kind }) => kind);
  const { customWorkloads = false } = meta.appliesTo;
  const modes = PROFILES.map((profile) => `${profile} ${profileMode(meta, profile)}`);
  return [
    `${meta.id}: ${meta.title}`,
    `Severity:  ${meta.severity}\nModes:     ${modes.join(', ')}\nKinds:     ${kinds.join(', ')}${customWorkloads ? ', custom kinds with a pod template' : ''}\nPractice:  ${meta.practice}`,
    `Why\n${meta.rationale}`,
    `What to do\n${meta.remediation}`,
    `When not to use it\n${meta.whenNotToUse}`,
    ...(options === undefined ? [] : [`Options\n${JSON.stringify(options, null, 2)}`]),
    `See also\n${meta.references.map(({ url }) => url).join('\n')}`,
  ].join('\n\n');
}
