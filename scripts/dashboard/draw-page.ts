import { drawGraph, escaped, type Graph } from './draw-graph.ts';

interface Page {
  readonly name: string;
  readonly atMs: number;
  readonly graphs: readonly Graph[];
  readonly alarms: ReadonlyArray<{ readonly name: string; readonly state: string }>;
}

const style = `body{font:14px system-ui,sans-serif;margin:24px;background:#f6f7f9;color:#1b2430}
main{display:grid;grid-template-columns:repeat(3,1fr);gap:14px}figure{margin:0;background:#fff;padding:12px;border-radius:8px}
svg{width:100%}svg text{font-size:9px;fill:#5a6675}.axis{stroke:#ccd3db}line.rule{stroke:#c0222c;stroke-dasharray:4 3}
figcaption{font-weight:600}small,ul{font-weight:400;font-size:11px;color:#5a6675}ul{list-style:none;margin:4px 0 0;padding:0;columns:2}
i{display:inline-block;width:8px;height:8px;margin-right:4px;border-radius:2px}
p.alarms span{display:inline-block;margin:2px;padding:2px 8px;border-radius:10px;background:#dcefe0;font-size:12px}
p.alarms span.ALARM{background:#c0222c;color:#fff}p.alarms span.INSUFFICIENT_DATA{background:#e6e9ed}`;

/** The dashboard as one file that needs nothing else: no script, nothing to load. */
export const drawPage = ({ name, atMs, graphs, alarms }: Page): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(name)}</title><style>${style}</style>
<h1>${escaped(name)} <small>${new Date(atMs).toISOString()}</small></h1>
<p class="alarms">${alarms.map(({ name: alarm, state }) => `<span class="${escaped(state)}">${escaped(alarm)}</span>`).join('')}</p>
<main>${graphs.map(drawGraph).join('\n')}</main></html>
`;
