import { drawGraph } from './draw-graph.ts';
import type { Graph } from './graph.ts';
import { escaped } from '../report-pages/html.ts';
import { graphStyle } from './graph-style.ts';

interface Page {
  readonly name: string;
  readonly atMs: number;
  readonly graphs: readonly Graph[];
  readonly alarms: ReadonlyArray<{ readonly name: string; readonly state: string }>;
}

const style = `body{font:14px/1.4 system-ui,sans-serif;margin:24px;background:#f6f7f9;color:#1b2430}
main{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px}@media (max-width:1000px){main{grid-template-columns:minmax(0,1fr)}}
${graphStyle}p.alarms span{display:inline-block;margin:2px;padding:2px 8px;border-radius:10px;background:#dcefe0;font-size:12px}
p.alarms span.ALARM{background:#c0222c;color:#fff}p.alarms span.INSUFFICIENT_DATA{background:#e6e9ed}`;

/** The dashboard as one file that needs nothing else: it runs no script and loads nothing, whatever a label holds. */
export const drawPage = ({ name, atMs, graphs, alarms }: Page): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(name)}</title><style>${style}</style>
<h1>${escaped(name)} <small>${new Date(atMs).toISOString()}</small></h1>
<p class="alarms">${alarms.map(({ name: alarm, state }) => `<span class="${escaped(state)}" title="${escaped(state)}">${escaped(alarm)}</span>`).join('')}</p>
<main>${graphs.map(drawGraph).join('\n')}</main></html>
`;
