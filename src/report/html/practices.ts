import type { Mode, PolicyMeta } from '../../engine/policy.ts';
import type { ReportedFinding, ScanReport } from '../../scan/report.ts';
import { join, markup, type Markup } from './markup.ts';
import { section, table, type Column } from './section.ts';

const SHOWN = ['deny', 'warn', 'audit'] as const satisfies readonly Mode[];

const COLUMNS: readonly Column[] = [
  { name: 'Practice' },
  { name: 'Share', wide: true },
  ...SHOWN.map((name) => ({ name, narrow: true as const })),
  { name: 'Policies with findings', wide: true },
];

/** The findings by the practice that their policies serve; a practice without findings too. */
export function practicesSection(
  { findings }: ScanReport,
  policies: ReadonlyMap<string, PolicyMeta>,
): Markup {
  const byPractice = Map.groupBy(findings, ({ policy }) => policies.get(policy)?.practice);
  const practices = [...new Set([...policies.values()].map(({ practice }) => practice))].sort(
    (a, b) => weight(byPractice.get(b)) - weight(byPractice.get(a)),
  );
  const most = Math.max(1, ...[...byPractice.values()].map(({ length }) => length));
  const rows = practices.map((practice) => row(practice, byPractice.get(practice) ?? [], most));
  const caption = `Findings by practice`;
  return section(
    'practices',
    'By practice',
    table('practices-table', caption, COLUMNS, [
      markup`<tbody>
${join(rows, markup`\n`)}
</tbody>`,
    ]),
  );
}

/** What denies weighs more than any number of warnings. */
function weight(findings: readonly ReportedFinding[] = []): number {
  const count = (wanted: Mode): number => findings.filter(({ mode }) => mode === wanted).length;
  return count('deny') * 1e9 + findings.length;
}

function row(practice: string, findings: readonly ReportedFinding[], most: number): Markup {
  const counts = SHOWN.map((mode) => findings.filter((finding) => finding.mode === mode).length);
  const ids = [...new Set(findings.map(({ policy }) => policy))].sort();
  const cells = counts.map((count, index) =>
    count === 0
      ? markup`<td class="narrow none">0</td>`
      : markup`<td class="narrow count ${SHOWN[index] ?? ''}">${count}</td>`,
  );
  const links =
    ids.length === 0
      ? markup`<span class="none">no finding</span>`
      : join(
          ids.map((id) => markup`<a href="#policy-${id}">${id}</a>`),
          markup`, `,
        );
  return markup`<tr><th scope="row">${practice}</th><td>${bar(counts, most)}</td>${join(cells)}<td>${links}</td></tr>`;
}

/** Told by the numbers beside it too, so nothing to a screen reader. */
function bar(counts: readonly number[], most: number): Markup {
  let x = 0;
  const parts = counts.map((count, index) => {
    const width = (count / most) * 100;
    const part = markup`<rect class="${SHOWN[index] ?? ''}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="8"/>`;
    x += width;
    return part;
  });
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/>${join(parts)}</svg>`;
}
