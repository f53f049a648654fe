import { drawGraph } from './draw-graph.ts';
import type { Graph } from './graph.ts';
import { escaped } from './page-text.ts';

interface Page {
  readonly name: string;
  readonly atMs: number;
  readonly graphs: readonly Graph[];
  readonly alarms: ReadonlyArray<{ readonly name: string; readonly state: string }>;
}

const style = `body{font:14px/1.4 system-ui,sans-serif;margin:24px;background:#f6f7f9;color:#1b2430}
main{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px}@media (max-width:1000px){main{grid-template-columns:minmax(0,1fr)}}
figure{margin:0;background:#fff;padding:12px;border-radius:8px}figcaption{font-weight:600}small{font-weight:400;font-size:11px;color:#5a6675}
svg{display:block;width:100%}svg text{font-size:9.5px;fill:#5a6675}.axis{stroke:#ccd3db}.rule{stroke:#c0222c;stroke-dasharray:4 3}
path{fill:none;stroke-width:1.2}path.dashed{stroke-dasharray:4 2}path.dotted{stroke-dasharray:1 2}circle{stroke:none}
table{width:100%;table-layout:fixed;border-collapse:collapse;font-size:11px;color:#5a6675;font-variant-numeric:tabular-nums}
td,th{width:44px;padding:1px 0;vertical-align:top;text-align:right;font-weight:600;overflow-wrap:anywhere}td:first-child,th:first-child{width:auto;text-align:left;font-weight:400}td:nth-child(2):last-child{width:80px}
th span{border-bottom:1.5px solid #5a6675}th span.dashed{border-bottom-style:dashed}th span.dotted{border-bottom-style:dotted}
i{display:inline-block;width:8px;height:8px;margin-right:5px;border-radius:2px}summary{font-size:11px;color:#5a6675;cursor:pointer}
p.alarms span{display:inline-block;margin:2px;padding:2px 8px;border-radius:10px;background:#dcefe0;font-size:12px}
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
