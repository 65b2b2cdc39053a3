/** Words in `{{ … }}` that only Helm fills in; other tools write braces into finished manifests too. */
const HELM = ['.Values', '.Release', '.Chart', '.Capabilities', 'include ', 'template ', 'tpl '];

/** More of an action than this is not looked at. */
const LONGEST_ACTION = 300;

/** Whether a text is a template of Helm that nobody rendered. Linear in the text. */
export function isHelmTemplate(text: string): boolean {
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at + 2)) {
    const end = text.indexOf('}}', at);
    if (end === -1) return false;
    const action = text.slice(at, Math.min(end, at + LONGEST_ACTION));
    if (HELM.some((word) => action.includes(word))) return true;
  }
  return false;
}

/** Whether a text that is no YAML may be a template of whatever kind. */
export function hasAction(text: string): boolean {
  return text.includes('{{');
}

/** What to do about a template; `chart` is the folder with its Chart.yaml, where there is one. */
export function templateMessage(chart: string | undefined): string {
  return chart === undefined
    ? 'is a template that nobody rendered ({{ … }}): render it and scan the result, hushgate scan -f -'
    : `is an unrendered template of the chart ${chart}: helm template ${chart} | hushgate scan -f -`;
}

/** The first line of a document that Helm rendered; only what has the shape of its paths is taken. */
const SOURCE = /(?:---[^\n]*\n)?# Source: ([\w.@+-]+(?:\/[\w.@+-]+)*\/templates\/[\w.@+/-]+)\n/y;

/** The template of a chart that a document was rendered from, `shop/templates/web.yaml`, where Helm says it. */
export function renderedFrom(document: string | undefined): { readonly template?: string } {
  SOURCE.lastIndex = 0;
  const template = SOURCE.exec(document ?? '')?.[1];
  return template === undefined ? {} : { template };
}
