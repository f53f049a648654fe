/** The style of what `drawGraph` draws. */
export const graphStyle = `figure{margin:0;background:#fff;padding:12px;border-radius:8px}figcaption{font-weight:600}small{font-weight:400;font-size:11px;color:#5a6675}
figure svg{display:block;width:100%}figure svg text{font-size:9.5px;fill:#5a6675}.axis{stroke:#ccd3db}.rule{stroke:#c0222c;stroke-dasharray:4 3}
figure path{fill:none;stroke-width:1.2}path.dashed{stroke-dasharray:4 2}path.dotted{stroke-dasharray:1 2}circle{stroke:none}
figure table{width:100%;table-layout:fixed;border-collapse:collapse;font-size:11px;color:#5a6675;font-variant-numeric:tabular-nums}
figure td,figure th{width:44px;padding:1px 0;border:0;vertical-align:top;text-align:right;font-weight:600;overflow-wrap:anywhere}figure td:first-child,figure th:first-child{width:auto;text-align:left;font-weight:400}figure td:nth-child(2):last-child{width:80px}
th span{border-bottom:1.5px solid #5a6675}th span.dashed{border-bottom-style:dashed}th span.dotted{border-bottom-style:dotted}
i{display:inline-block;width:8px;height:8px;margin-right:5px;border-radius:2px}summary{font-size:11px;color:#5a6675;cursor:pointer}
`;
