import type { PolicyMeta } from '../../engine/policy.ts';
import type { ScanReport } from '../../scan/report.ts';
import { join, markup, prose, type Markup } from './markup.ts';
import { section } from './section.ts';
import { counted } from '../text.ts';

/** What the policies with findings say: why, what to do, and when not to use them. */
export function policiesSection(
  { findings }: ScanReport,
  policies: ReadonlyMap<string, PolicyMeta>,
): Markup {
  const found = Map.groupBy(findings, ({ policy }) => policy);
  const articles = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, own]) => {
      const meta = policies.get(id);
      return meta === undefined ? [] : [article(meta, own.length)];
    });
  if (articles.length === 0) return markup``;
  return section('policies', 'What the policies say', join(articles, markup`\n`));
}

function article(meta: PolicyMeta, count: number): Markup {
  const { id, title, practice, severity, rationale, remediation, whenNotToUse, references } = meta;
  const links = references.map(
    (link) => markup`<a href="${link.url}" rel="noreferrer">${link.title}</a>`,
  );
  return markup`<article id="policy-${id}">
<h3>${title} <code>${id}</code></h3>
<p class="about">${practice} · ${severity} · ${counted(count, 'finding')}</p>
<dl>
<dt>Why</dt><dd>${prose(rationale)}</dd>
<dt>What to do</dt><dd>${prose(remediation)}</dd>
<dt>When not to use it</dt><dd>${prose(whenNotToUse)}</dd>
${links.length === 0 ? markup`` : markup`<dt>More</dt><dd>${join(links, markup`, `)}</dd>`}
</dl>
</article>`;
}
