import { placeText } from '../place.ts';
import type { ReportedGap, ReportedGrant, ReportedReader, ScanReport } from '../../scan/report.ts';
import { join, markup, type Markup } from './markup.ts';
import { section, table, type Column } from './section.ts';
import { counted } from '../text.ts';

/** Verbs whose answer carries the Secret. */
const VERBS = ['get', 'list', 'watch', 'update', 'patch', 'delete', 'deletecollection'];

const COLUMNS: readonly Column[] = [
  { name: 'Who' },
  { name: 'Where' },
  { name: 'Secrets' },
  ...VERBS.map((name) => ({ name, narrow: true as const })),
  { name: 'By' },
];

/** Who can read which Secrets, by which verbs, binding and role. */
export function accessSection(report: ScanReport): Markup {
  const { bindings, grants, unknown } = report.access;
  const title = 'Who can read Secrets';
  if (bindings === 0) {
    return section(
      'access',
      title,
      markup`<p>No RoleBinding or ClusterRoleBinding is in the input, so this is not known.</p>`,
    );
  }
  const rows = [
    ...grants.map((grant) => ({
      reader: grant.reader,
      reach: reachOf(grant),
      cells: granted(grant, report),
    })),
    ...unknown.map((gap) => ({
      reader: gap.reader,
      reach: 'unknown' as const,
      cells: notKnown(gap, report),
    })),
  ];
  const readers = [...Map.groupBy(rows, ({ reader }) => whole(reader)).values()].sort(
    (a, b) => furthest(a) - furthest(b),
  );
  const caption = `${counted(readers.length, 'subject')} of ${counted(bindings, 'binding')} in the input`;
  const content =
    readers.length === 0
      ? markup`<p>No subject of ${counted(bindings, 'binding')} in the input can read a Secret.</p>`
      : markup`${LEGEND}
${FILTER}
${table(
  'access-table',
  caption,
  COLUMNS,
  readers.map((own) => group(own)),
)}`;
  return section('access', title, markup`${ABOUT}\n${content}`);
}

const ABOUT = markup`<p class="about">As the RBAC authorizer decides it, by the roles and bindings in the input and the
built-in ClusterRoles. Who is in a group, other authorizers, and <code>system:masters</code>, which no binding names, are not seen here.
<code>update</code>, <code>patch</code> and <code>delete</code> read too: the answer carries the Secret.</p>`;

const LEGEND = markup`<ul class="legend">
<li><span class="mark cluster" aria-hidden="true"></span>every Secret of every namespace</li>
<li><span class="mark namespace" aria-hidden="true"></span>every Secret of a namespace</li>
<li><span class="mark named" aria-hidden="true"></span>named Secrets</li>
</ul>`;

const FILTER = markup`<form class="filter" data-table="access-table" hidden>
<label>Text<input type="search" autocomplete="off" placeholder="subject, namespace, role …"></label>
<button type="reset">Show all</button>
<output aria-live="polite" data-noun="subjects"></output>
</form>`;

/** How far somebody reads, the furthest first. */
const REACHES = ['cluster', 'namespace', 'named', 'unknown'] as const;
type Reach = (typeof REACHES)[number];

interface Row {
  readonly reader: ReportedReader;
  readonly reach: Reach;
  readonly cells: Markup;
}

/** The rows of one reader, whose name stands once before all of them. */
function group(rows: readonly Row[]): Markup {
  const [first] = rows;
  if (first === undefined) return markup``;
  const { kind, namespace, name, standsFor } = first.reader;
  const crowd =
    standsFor === undefined ? markup`` : markup`<br><small class="crowd">${standsFor}</small>`;
  const who = namespace === '' ? name : `${namespace}/${name}`;
  const head = markup`<th scope="rowgroup" rowspan="${rows.length}"><small>${kind}</small><br><bdi>${who}</bdi>${crowd}</th>`;
  const lines = rows.map(
    ({ cells }, index) => markup`<tr>${index === 0 ? head : markup``}${cells}</tr>`,
  );
  return markup`<tbody data-item>
${join(lines, markup`\n`)}
</tbody>`;
}

function furthest(rows: readonly Row[]): number {
  return Math.min(...rows.map(({ reach }) => REACHES.indexOf(reach)));
}

function reachOf({ names, namespace }: ReportedGrant): Reach {
  if (names.length > 0) return 'named';
  return namespace === '' ? 'cluster' : 'namespace';
}

function granted(grant: ReportedGrant, report: ScanReport): Markup {
  const { namespace, names, verbs, ways } = grant;
  const reach = reachOf(grant);
  const place = namespace === '' ? markup`<b>every namespace</b>` : markup`<bdi>${namespace}</bdi>`;
  const secrets =
    names.length === 0
      ? markup`<b>every Secret</b>`
      : join(
          names.map((name) => markup`<code>${name}</code>`),
          markup`<br>`,
        );
  const marks =
    verbs.length === 0
      ? markup`<td class="indirect" colspan="${VERBS.length}">indirectly, by ${ways.join(', ')}</td>`
      : join(VERBS.map((verb) => mark(verb, verbs.includes(verb) ? reach : undefined)));
  return markup`<td>${place}</td><td class="secrets">${secrets}</td>${marks}${by(grant, report)}`;
}

function mark(verb: string, reach: Reach | undefined): Markup {
  if (reach === undefined)
    return markup`<td class="narrow none">·<span class="unseen">no ${verb}</span></td>`;
  return markup`<td class="narrow"><span class="mark ${reach}"></span><span class="unseen">${verb}</span></td>`;
}

function notKnown(gap: ReportedGap, report: ScanReport): Markup {
  const { namespace } = gap.binding;
  const place = namespace === '' ? 'every namespace' : namespace;
  return markup`<td><bdi>${place}</bdi></td><td colspan="${VERBS.length + 1}" class="unknown"><b>not known:</b> ${gap.role.kind} <bdi>${gap.role.name}</bdi> is not in the input</td>${by(gap, report)}`;
}

function by({ binding, role }: ReportedGap, report: ScanReport): Markup {
  const builtIn = role.builtIn ? markup` <small>(built in)</small>` : markup``;
  return markup`<td>${role.kind} <b><bdi>${role.name}</bdi></b>${builtIn}<br>${binding.kind} <bdi>${binding.name}</bdi><br><span class="place">${placeText(binding, report)}</span></td>`;
}

function whole({ kind, namespace, name }: ReportedReader): string {
  return JSON.stringify([kind, namespace, name]);
}
