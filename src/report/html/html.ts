import { createHash } from 'node:crypto';
import type { ReportedNote, ScanReport } from '../../scan/report.ts';
import type { ReportContext } from '../format.ts';
import { placeText, scannedText } from '../place.ts';
import { accessSection } from './access.ts';
import { findingsSection } from './findings.ts';
import { join, markup, prose, type Markup } from './markup.ts';
import { policiesSection } from './policies.ts';
import { practicesSection } from './practices.ts';
import { SCRIPT } from './script.ts';
import { section, table } from './section.ts';
import { STYLE } from './style.ts';
import { counted } from '../text.ts';

/** One page that stands alone: nothing is loaded, and its policy lets nothing be. */
export function html(report: ScanReport, context: ReportContext): string {
  const policies = new Map(context.policies.map((meta) => [meta.id, meta]));
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Hushgate: ${headline(report)}</title>
<style>${{ text: STYLE }}</style>
</head>
<body>
<a class="skip" href="#findings">To the findings</a>
${header(report, context)}
<main>
${practicesSection(report, policies)}
${findingsSection(report, policies)}
${accessSection(report)}
${errorsSection(report)}
${notesSection(report)}
${policiesSection(report, policies)}
</main>
<footer><p>Hushgate ${context.version}. <b>deny</b>: the admission webhook refuses the object; <b>warn</b>: the author is warned; <b>audit</b>: it is recorded. No value of a Secret is in this report.</p></footer>
<script>${{ text: SCRIPT }}</script>
</body>
</html>
`;
  return page.text;
}

/** Nothing from anywhere but the two texts in the page itself. */
function contentPolicy(): string {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The report in one line. */
function headline({ summary: { deny, warn, audit, errors }, cluster }: ScanReport): string {
  const left = errors === 0 ? '' : `, and ${counted(errors, 'input')} not judged`;
  const when = cluster === undefined ? ' before this reaches a cluster' : '';
  if (deny > 0) return `${counted(deny, 'finding')} to fix${when}${left}`;
  if (warn > 0) return `nothing to refuse, ${counted(warn, 'warning')}${left}`;
  if (audit > 0) return `nothing to refuse, ${counted(audit, 'finding')} on record${left}`;
  return errors === 0 ? 'all judged, nothing found' : `nothing found${left}`;
}

function header({ summary, ...report }: ScanReport, { now }: ReportContext): Markup {
  const { deny, warn, audit, errors, excepted, baselined, ignored } = summary;
  const more = [
    excepted === 0 ? '' : `${excepted} excepted`,
    baselined === 0 ? '' : `${baselined} in the baseline`,
    ignored === 0 ? '' : `${ignored} ignored by .gitignore`,
  ].filter((part) => part !== '');
  const facts = [
    scannedText({ summary, ...report }),
    ...more,
    `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ];
  const title = headline({ summary, ...report });
  return markup`<header class="top">
<p class="brand">${LOGO} Hushgate</p>
<h1>${title.charAt(0).toUpperCase()}${title.slice(1)}</h1>
<p class="about">${facts.join(' · ')}</p>
<ul class="tiles">
${tile('deny', deny, 'deny')}
${tile('warn', warn, 'warn')}
${tile('audit', audit, 'audit')}
${tile('unjudged', errors, 'not judged')}
</ul>
</header>`;
}

function tile(kind: string, count: number, label: string): Markup {
  return markup`<li class="tile ${count === 0 ? 'zero' : kind}"><b>${count}</b> ${label}</li>`;
}

const LOGO = markup`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M12 1.5 3.5 5v6.2c0 5.2 3.6 9.6 8.5 11.3 4.9-1.7 8.5-6.1 8.5-11.3V5z"/><path class="key" d="M12 7.2a2.6 2.6 0 0 1 1.3 4.9l.7 4.4h-4l.7-4.4A2.6 2.6 0 0 1 12 7.2z"/></svg>`;

function errorsSection(report: ScanReport): Markup {
  const { errors } = report;
  if (errors.length === 0) return markup``;
  const about = markup`<p class="about">Nothing is known of these: they are no pass.</p>`;
  return section(
    'errors',
    'What was not judged',
    markup`${about}
${places('errors-table', `${counted(errors.length, 'input')} not judged`, errors, report)}`,
  );
}

function notesSection(report: ScanReport): Markup {
  const { notes } = report;
  if (notes.length === 0) return markup``;
  return section(
    'notes',
    'Notes',
    places('notes-table', counted(notes.length, 'note'), notes, report),
  );
}

function places(
  id: string,
  caption: string,
  all: readonly (ReportedNote & { readonly reason?: string })[],
  report: ScanReport,
): Markup {
  const columns = [{ name: 'Where' }, { name: 'What', wide: true as const }];
  const rows = all.map(({ reason, message, ...place }) => {
    const why =
      reason === undefined ? markup`` : markup`<span class="pill unjudged">${reason}</span> `;
    return markup`<tr><th scope="row"><span class="place">${placeText(place, report)}</span></th><td>${why}${prose(message)}</td></tr>`;
  });
  return table(id, caption, columns, [
    markup`<tbody>
${join(rows, markup`\n`)}
</tbody>`,
  ]);
}
