const LIGHT = `
  color-scheme: light;
  --page: #f5f6f8; --card: #ffffff; --text: #1b2130; --muted: #5a6377; --line: #dfe3ea; --soft: #eef0f4;
  --link: #1d55c4; --deny: #b3261e; --deny-soft: #fdebe9; --warn: #8a5300; --warn-soft: #fdf1dc;
  --audit: #1d5fa8; --audit-soft: #e5f0fb; --unjudged: #6b3fa0; --unjudged-soft: #f1eafa;
  --good: #1a6f43; --good-soft: #e5f5ec; --deny-bar: #d5443b; --warn-bar: #e39b2d; --audit-bar: #5b9bd8;
  --shadow: 0 1px 2px rgb(20 30 60 / 6%), 0 4px 16px rgb(20 30 60 / 5%);`;

const DARK = `
  color-scheme: dark;
  --page: #0f1218; --card: #181c25; --text: #e6e9f0; --muted: #9aa4b8; --line: #2b3140; --soft: #212633;
  --link: #8ab4ff; --deny: #ff9d94; --deny-soft: #421c1b; --warn: #f3bf6a; --warn-soft: #3a2a10;
  --audit: #8cc2f5; --audit-soft: #14304a; --unjudged: #c8a6f2; --unjudged-soft: #2f2145;
  --good: #7fd3a4; --good-soft: #12331f; --deny-bar: #e5625a; --warn-bar: #d9952f; --audit-bar: #4f8fcd;
  --shadow: none;`;

/** Light or dark as the reader's system is; always light on paper. */
export const STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK}
} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.top, main, footer { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 12px; background: var(--card); padding: 8px 14px; z-index: 2; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code, .place { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; overflow-wrap: anywhere; unicode-bidi: isolate; }
p code, dd code { background: var(--soft); border-radius: 4px; padding: .1em .35em; }
small { font-size: .82em; color: var(--muted); }
.about, .place, .none { color: var(--muted); }

.top { padding-top: 36px; }
.brand { display: flex; align-items: center; gap: 8px; margin: 0; font-weight: 650; color: var(--muted); letter-spacing: .02em; }
.brand path { fill: var(--link); }
.brand .key { fill: var(--page); }
h1 { margin: 14px 0 4px; font-size: clamp(24px, 3.4vw, 36px); line-height: 1.2; letter-spacing: -.015em; text-wrap: pretty; }
.top .about { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px; margin: 26px 0 0; padding: 0; list-style: none; }
.tile { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--line); border-radius: 12px; padding: 14px 18px; box-shadow: var(--shadow); color: var(--muted); font-weight: 550; }
.tile b { display: block; font-size: 32px; line-height: 1.15; color: var(--text); font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.tile.deny { border-left-color: var(--deny-bar); } .tile.deny b { color: var(--deny); }
.tile.warn { border-left-color: var(--warn-bar); } .tile.warn b { color: var(--warn); }
.tile.audit { border-left-color: var(--audit-bar); } .tile.audit b { color: var(--audit); }
.tile.unjudged { border-left-color: var(--unjudged); } .tile.unjudged b { color: var(--unjudged); }
.tile.zero b { color: var(--muted); }

section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px 24px; margin: 24px 0; box-shadow: var(--shadow); }
h2 { margin: 0 0 12px; font-size: 20px; letter-spacing: -.01em; }
h3 { margin: 0; font-size: 16px; }
h3 code { color: var(--muted); font-weight: 400; margin-left: 6px; }
section > p:first-of-type { margin-top: 0; }
section > .about { max-width: 88ch; }

.scroll { overflow-x: auto; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); font-size: 13.5px; padding-bottom: 8px; }
th, td { text-align: left; vertical-align: top; padding: 10px 14px 10px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; border-bottom: 2px solid var(--line); padding-top: 0; font-size: 13px; font-weight: 600; color: var(--muted); white-space: nowrap; }
tbody th { font-weight: 600; }
tbody th code { font-weight: 400; }
td p { margin: 4px 0 0; }
.narrow { text-align: center; padding-left: 8px; padding-right: 8px; white-space: nowrap; }
td.count { font-weight: 650; font-variant-numeric: tabular-nums; }
td.count.deny { color: var(--deny); } td.count.warn { color: var(--warn); } td.count.audit { color: var(--audit); }

.bar { display: block; width: 100%; min-width: 160px; height: 10px; margin-top: 7px; border-radius: 5px; }
.bar .track { fill: var(--soft); }
.bar .deny { fill: var(--deny-bar); } .bar .warn { fill: var(--warn-bar); } .bar .audit { fill: var(--audit-bar); }
#practices-table th[scope=row] { min-width: 230px; }
#practices-table :is(td, th):last-child { padding-left: 16px; }
#practices-table td:last-child { font-size: 13.5px; min-width: 260px; }

.pill { display: inline-block; border-radius: 99px; padding: 1px 10px; font-size: 13px; font-weight: 600; white-space: nowrap; border: 1px solid transparent; }
.pill.deny { background: var(--deny-soft); color: var(--deny); }
.pill.warn { background: var(--warn-soft); color: var(--warn); }
.pill.audit { background: var(--audit-soft); color: var(--audit); }
.pill.unjudged { background: var(--unjudged-soft); color: var(--unjudged); }
.severity { white-space: nowrap; font-size: 14px; }
.severity.critical { font-weight: 700; color: var(--deny); }
.severity.high { font-weight: 600; }
.severity.low { color: var(--muted); }
.policy { font-weight: 600; }
.place { font-size: 12.5px; }
.fix { border-left: 3px solid var(--good); padding-left: 10px; }
.fix b { color: var(--good); margin-right: 4px; }
#findings-table { table-layout: fixed; min-width: 860px; }
#findings-table th:nth-child(-n + 2) { width: 92px; }
#findings-table th:nth-child(3) { width: 30%; }
#findings-table td { overflow-wrap: anywhere; }

.filter { display: flex; flex-wrap: wrap; align-items: end; gap: 12px; margin: 0 0 18px; }
.filter label { display: grid; gap: 4px; font-size: 13px; font-weight: 600; color: var(--muted); }
.filter input, .filter select, .filter button { font: inherit; font-size: 14px; font-weight: 400; color: var(--text); background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 7px 10px; min-height: 38px; }
.filter input { width: min(300px, 80vw); }
.filter button { cursor: pointer; font-weight: 550; }
.filter button:hover { background: var(--soft); }
.filter output { margin-left: auto; padding-bottom: 8px; color: var(--muted); font-variant-numeric: tabular-nums; }

.legend { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 0 0 18px; padding: 0; list-style: none; font-size: 14px; }
.mark { display: inline-block; width: 14px; height: 14px; border-radius: 4px; vertical-align: -2px; }
.legend .mark { margin-right: 8px; }
.mark.cluster { background: var(--deny-bar); }
.mark.namespace { background: var(--warn-bar); border-radius: 50%; }
.mark.named { border: 3px solid var(--good); border-radius: 50%; }
#access-table { font-size: 14px; }
#access-table tbody { border-top: 2px solid var(--line); }
#access-table th[scope=rowgroup] { min-width: 170px; max-width: 280px; overflow-wrap: anywhere; }
#access-table .secrets { min-width: 130px; max-width: 280px; }
#access-table :is(td, th):last-child { padding-left: 12px; }
#access-table td:last-child { min-width: 220px; overflow-wrap: anywhere; }
#access-table thead .narrow { font-size: 12px; font-weight: 550; }
.crowd { color: var(--deny); font-weight: 600; }
.indirect { color: var(--warn); max-width: 420px; }
.unknown { color: var(--unjudged); }
tbody tr:hover > td { background: color-mix(in srgb, var(--soft) 55%, transparent); }

article { border-top: 1px solid var(--line); padding: 18px 0 4px; scroll-margin-top: 12px; }
article:target { background: var(--audit-soft); box-shadow: -12px 0 0 var(--audit-soft), 12px 0 0 var(--audit-soft); }
article .about { margin: 2px 0 0; font-size: 14px; }
dl { display: grid; grid-template-columns: 150px 1fr; gap: 6px 16px; margin: 12px 0; }
dt { font-weight: 600; color: var(--muted); font-size: 14px; }
dd { margin: 0; max-width: 90ch; overflow-wrap: anywhere; }
footer { padding-bottom: 40px; color: var(--muted); font-size: 13.5px; }

@media (max-width: 720px) {
  .top, main, footer { padding-left: 12px; padding-right: 12px; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  section { padding: 16px; border-radius: 10px; }
  dl { grid-template-columns: 1fr; gap: 2px; }
  dd { margin-bottom: 8px; }
  .filter output { margin-left: 0; }
  #findings-table, #findings-table tbody, #findings-table caption { display: block; min-width: 0; }
  #findings-table thead { display: none; }
  #findings-table tr { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; padding: 12px 0; border-top: 1px solid var(--line); }
  #findings-table td { border: 0; padding: 0; }
  #findings-table td:nth-child(n + 3) { grid-column: 1 / -1; }
}
@media print {
  @page { margin: 12mm; size: landscape; }
  body { background: none; font-size: 10.5px; }
  .filter, .skip { display: none; }
  .place, .pill, .severity, .about, .policy, caption, thead th, dt, #access-table, #practices-table td:last-child { font-size: 1em !important; }
  th, td { padding-top: 5px; padding-bottom: 5px; }
  .top, main, footer { max-width: none; padding: 0; }
  section { border: 0; box-shadow: none; padding: 0; }
  .tile { box-shadow: none; print-color-adjust: exact; }
  .scroll { overflow: visible; }
  .bar, .mark, .pill { print-color-adjust: exact; }
  thead { display: table-header-group; }
  tr, article { break-inside: avoid; }
  h2 { break-after: avoid; }
  #findings-table, #practices-table td, #practices-table th, #access-table td, #access-table th { min-width: 0; }
  a { color: inherit; text-decoration: none; }
}
`;
