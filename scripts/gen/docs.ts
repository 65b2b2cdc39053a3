import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isForAdmission,
  profileMode,
  PROFILES,
  type PolicyModule,
} from '../../src/engine/policy.ts';

/** The page of one policy, from its meta and its first fixtures. */
export function policyPage(policy: PolicyModule): string {
  const { meta } = policy;
  const { resources, customWorkloads = false, operations } = meta.appliesTo;
  const kinds = resources.map(({ kind }) => kind).join(', ');
  const modes = PROFILES.map((profile) => `${profile}: **${profileMode(meta, profile)}**`);
  return `${[
    `# ${meta.id}`,
    `${meta.title}. Serves the practice *${meta.practice}*.`,
    `| | |\n| --- | --- |\n| Severity | ${meta.severity} |\n| Mode | ${modes.join(', ')} |\n| Kinds | ${kinds}${customWorkloads ? '; in custom kinds, pod templates found by their structure' : ''} |\n| ${isForAdmission(meta) ? `Operations | ${operations.join(', ')}` : 'Judged | by `hushgate scan`, in files'} |\n| Needs | ${meta.needs.join(', ') || 'nothing but the object'} |`,
    `## Why\n\n${meta.rationale}`,
    `## What it says\n\n${messages(policy)}`,
    ...examples(meta.id),
    `## What to do\n\n${meta.remediation}`,
    `## When not to use it\n\n${meta.whenNotToUse}`,
    ...(meta.foldsInto === undefined
      ? []
      : [
          `## Told by another policy\n\nWhere ${meta.foldsInto.map(link).join(' or ')} finds something at the same place, only that is told.`,
        ]),
    ...options(policy),
    `## See also\n\n${meta.references.map(({ title, url }) => `- [${title}](${url})`).join('\n')}`,
  ].join('\n\n')}\n`;
}

const link = (id: string): string => `[${id}](${id}.md)`;

function messages({ meta }: PolicyModule): string {
  return Object.entries(meta.messages)
    .map(([id, { message, fix }]) => `- \`${id}\`: ${message}.\n  Fix: ${fix}.`)
    .join('\n');
}

function examples(id: string): string[] {
  const [fail, pass] = ['fail', 'pass'].map((verdict) => firstFixture(id, verdict));
  return [
    ...(fail === undefined ? [] : [`## It finds\n\n\`\`\`yaml\n${fail}\`\`\``]),
    ...(pass === undefined ? [] : [`## It passes\n\n\`\`\`yaml\n${pass}\`\`\``]),
  ];
}

function firstFixture(id: string, verdict: string): string | undefined {
  const folder = join('test/policies', id, verdict);
  const [first] = existsSync(folder) ? readdirSync(folder).sort() : [];
  return first === undefined ? undefined : readFileSync(join(folder, first), 'utf8');
}

function options({ options: schema }: PolicyModule): string[] {
  if (schema === undefined) return [];
  return [`## Options\n\n\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\``];
}

/** The list of all policies. */
export function policyIndex(catalogue: readonly PolicyModule[]): string {
  return `# Policies\n\nGenerated from the policies themselves.\n\n${table(catalogue, '')}\n`;
}

/** The README with its table of policies renewed between the two markers. */
export function policyTable(readme: string, catalogue: readonly PolicyModule[]): string {
  return readme.replace(
    /(<!-- policies:start -->)[^]*(<!-- policies:end -->)/,
    (_, start: string, end: string) =>
      `${start}\n\n${table(catalogue, 'docs/policies/')}\n\n${end}`,
  );
}

function table(catalogue: readonly PolicyModule[], folder: string): string {
  const rows = catalogue.map(({ meta }) =>
    [
      `[${meta.id}](${folder}${meta.id}.md)`,
      meta.title,
      meta.severity,
      ...PROFILES.map((profile) => profileMode(meta, profile)),
    ].join(' | '),
  );
  return [
    `| Policy | Finds | Severity | ${PROFILES.join(' | ')} |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
