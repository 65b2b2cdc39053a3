import { MODES, type PolicyMeta } from '../../engine/policy.ts';
import type { ReportedFinding, ScanReport } from '../../scan/report.ts';
import { join, markup, prose, type Markup } from './markup.ts';
import { section, table, type Column } from './section.ts';
import { placeText } from '../place.ts';
import { counted } from '../text.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

const COLUMNS: readonly Column[] = [
  { name: 'Mode' },
  { name: 'Severity' },
  { name: 'Where', wide: true },
  { name: 'What is wrong, and what to write instead', wide: true },
];

/** Every finding, with a filter by text, mode, severity and policy. */
export function findingsSection(
  report: ScanReport,
  policies: ReadonlyMap<string, PolicyMeta>,
): Markup {
  const { findings } = report;
  if (findings.length === 0) {
    return section('findings', 'Findings', markup`<p>Nothing was found in what was judged.</p>`);
  }
  const caption = `${counted(findings.length, 'finding')}, worst first`;
  return section(
    'findings',
    'Findings',
    markup`${filter(findings, policies)}
${table('findings-table', caption, COLUMNS, [
  markup`<tbody>
${join(
  findings.toSorted(worstFirst).map((finding) => row(finding, report)),
  markup`\n`,
)}
</tbody>`,
])}`,
  );
}

function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  return (
    MODES.indexOf(b.mode) - MODES.indexOf(a.mode) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  );
}

/** One control for each thing that a reader would choose by; hidden until the script shows it. */
function filter(
  findings: readonly ReportedFinding[],
  policies: ReadonlyMap<string, PolicyMeta>,
): Markup {
  const has = (key: 'mode' | 'severity', value: string): boolean =>
    findings.some((finding) => finding[key] === value);
  const modes = MODES.toReversed().filter((mode) => has('mode', mode));
  const severities = SEVERITIES.filter((severity) => has('severity', severity));
  return markup`<form class="filter" data-table="findings-table" hidden>
<label>Text<input type="search" autocomplete="off" placeholder="name, file, path …"></label>
${choice('Mode', 'mode', join(modes.map(option)))}
${choice('Severity', 'severity', join(severities.map(option)))}
${choice('Policy', 'policy', policyOptions(findings, policies))}
<button type="reset">Show all</button>
<output aria-live="polite" data-noun="findings"></output>
</form>`;
}

function choice(label: string, name: string, options: Markup): Markup {
  return markup`<label>${label}<select name="${name}"><option value="">all</option>${options}</select></label>`;
}

function option(value: string): Markup {
  return markup`<option>${value}</option>`;
}

function policyOptions(
  findings: readonly ReportedFinding[],
  policies: ReadonlyMap<string, PolicyMeta>,
): Markup {
  const found = [...new Set(findings.map(({ policy }) => policy))].sort();
  const byPractice = Map.groupBy(found, (id) => policies.get(id)?.practice ?? 'Other');
  return join(
    [...byPractice].map(
      ([practice, ids]) =>
        markup`<optgroup label="${practice}">${join(ids.map(option))}</optgroup>`,
    ),
  );
}

function row(finding: ReportedFinding, report: ScanReport): Markup {
  const { mode, severity, policy, message, fix, excuse } = finding;
  const why = excuse === undefined ? markup`` : markup`<br><small>${excuse}</small>`;
  return markup`<tr data-item data-mode="${mode}" data-severity="${severity}" data-policy="${policy}">
<td><span class="pill ${mode}">${mode}</span>${why}</td>
<td><span class="severity ${severity}">${severity}</span></td>
<td>${where(finding, report)}</td>
<td><a class="policy" href="#policy-${policy}">${policy}</a><p>${prose(message)}</p><p class="fix"><b>Fix</b> ${prose(fix)}</p></td>
</tr>`;
}

function where(finding: ReportedFinding, report: ScanReport): Markup {
  const { kind, namespace, name, path, container } = finding;
  const object = namespace === '' ? name : `${namespace}/${name}`;
  const inside = container === undefined ? '' : ` in container ${container}`;
  return markup`<b>${kind} <bdi>${object}</bdi></b><br><code>${path}</code>${inside}<br><span class="place">${placeText(finding, report)}</span>`;
}
