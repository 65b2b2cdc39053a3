import { isJsonObject } from '../engine/field.ts';
import { printable } from '../engine/safe-text.ts';
import { subjectOf } from '../engine/subject.ts';
import { builtIn, CONFIG_MAP, SECRET } from '../kubernetes/resources.ts';
import { child } from '../yaml/locate.ts';
import type { Manifest, ManifestDocument, Written } from '../yaml/manifest.ts';
import type { Node } from '../yaml/node.ts';
import { Places } from '../yaml/positions.ts';
import { objectsIn, typeMeta, type Found } from './objects.ts';
import type { ReportedNote } from './report.ts';
import type { SourceText } from './scan.ts';

/** Words in `{{ … }}` that only Helm fills in; other tools write braces into finished manifests too. */
const HELM = ['.Values', '.Release', '.Chart', '.Capabilities', 'include ', 'template ', 'tpl '];

/** More of an action than this is not looked at. */
const LONGEST_ACTION = 300;

/** Where the first action of Helm stands in a text, or -1. Linear in the text. */
function helmAction(text: string): number {
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at + 2)) {
    const end = text.indexOf('}}', at);
    if (end === -1) return -1;
    const action = text.slice(at, Math.min(end, at + LONGEST_ACTION));
    if (HELM.some((word) => action.includes(word))) return at;
  }
  return -1;
}

/**
 * Whether a file is a template that nobody rendered: by its place in a chart, by braces in what is no YAML,
 * or by an action of Helm where a finished manifest has none.
 */
export function isTemplate(
  { text, chart }: SourceText,
  { documents, unreadable }: Manifest,
): boolean {
  if (!hasAction(text)) return false;
  if (chart !== undefined || unreadable.some((part) => hasAction(part.text))) return true;
  return helmAction(text) !== -1 && documents.some((each) => helmAction(ownText(each)) !== -1);
}

/** A word on templates in the values of a finished manifest, which others fill in: Istio's injector, Flux. */
export function templateNotes(
  { file, text }: SourceText,
  { documents }: Manifest,
): readonly ReportedNote[] {
  const at = helmAction(text);
  if (at === -1 || !documents.some(({ value }) => objectsIn(value).some(isObject))) return [];
  const place = new Places({ text, before: 0 }).ofOffset(at);
  const message = 'holds a template ({{ … }}) in a value, which is read as it stands';
  return [{ file, ...place, message }];
}

const IDENTITY = new Set(['apiVersion', 'kind', 'metadata']);
const DATA = new Set(['data', 'stringData', 'binaryData']);

/** The text of a document without the values in which a finished manifest may hold templates of others; none of what Helm rendered. */
function ownText({ written, value }: ManifestDocument): string {
  if (written === undefined || renderedFrom(written.text).template !== undefined) return '';
  const { text } = written;
  let own = '';
  let from = 0;
  for (const found of objectsIn(value)) {
    for (const { start, end } of foreignParts(written, found)) {
      own += text.slice(from, start);
      from = end;
    }
  }
  return own + text.slice(from);
}

/** Data of ConfigMaps and Secrets; all but the identity of a kind that no policy knows by its fields. */
function foreignParts({ root, text }: Written, { value, at }: Found) {
  const node = nodeAt(root, at);
  if (!isObject({ value }) || node?.type !== 'map' || !isJsonObject(value)) {
    return [{ start: root.start, end: text.length }];
  }
  const last = at.at(-1);
  const list = nodeAt(root, at.slice(0, -1));
  const next = typeof last === 'number' && list ? child(list, last + 1)?.start : undefined;
  return node.entries.flatMap(({ key }, index) => {
    const isForeign = key.type === 'scalar' && holdsTexts(value, key.text);
    const end = node.entries[index + 1]?.key.start ?? next ?? text.length;
    return isForeign ? [{ start: key.start, end }] : [];
  });
}

function nodeAt(root: Node, path: Found['at']): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => node && child(node, key)?.value, root);
}

function isObject({ value }: Pick<Found, 'value'>): boolean {
  return typeMeta(value) === 'both';
}

function holdsTexts(object: unknown, key: string): boolean {
  const { group, kind } = subjectOf(object);
  const known = builtIn(group, kind);
  return known === CONFIG_MAP || known === SECRET
    ? DATA.has(key)
    : known === undefined && !IDENTITY.has(key);
}

/** Whether a text that is no YAML may be a template of whatever kind. */
function hasAction(text: string): boolean {
  return text.includes('{{');
}

/** What to do about a template; `chart` is the folder with its Chart.yaml, where there is one. */
export function templateMessage(chart: string | undefined): string {
  if (chart === undefined)
    return 'is a template that nobody rendered ({{ … }}): render it and scan the result, hushgate scan -f -';
  // A folder may have any name, an order to the terminal too.
  const name = printable(chart);
  return `is an unrendered template of the chart ${name}: helm template ${name} | hushgate scan -f -`;
}

/** The first line of a document that Helm rendered; only what has the shape of its paths is taken. */
const SOURCE = /(?:---[^\n]*\n)?# Source: ([\w.@+-]+(?:\/[\w.@+-]+)*\/templates\/[\w.@+/-]+)\n/y;

/** The template of a chart that a document was rendered from, `shop/templates/web.yaml`, where Helm says it. */
export function renderedFrom(document: string | undefined): { readonly template?: string } {
  SOURCE.lastIndex = 0;
  const template = SOURCE.exec(document ?? '')?.[1];
  return template === undefined ? {} : { template };
}
