const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Every text of a page may be a client's own word. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? '');

/** Text, or what is HTML already. */
export type Cell = string | { readonly html: string };

export const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  if (rows.length === 0) return '<p>none</p>';
  const head = heads.map((text) => `<th>${escaped(text)}`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${html(cell)}`).join('')}`);
  return `<table>${heads.length > 0 ? `<tr>${head}` : ''}\n${body.join('\n')}\n</table>`;
};

export const verdictMark = (ok: boolean): Cell => ({
  html: `<span class="${ok ? 'passed' : 'failed'}">${ok ? '✓' : '✗'}</span>`,
});

const html = (cell: Cell): string => (typeof cell === 'string' ? escaped(cell) : cell.html);

/** `2026-11-21 15:49 UTC` */
export const moment = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

interface Report {
  readonly title: string;
  readonly verdict: string;
  readonly isGood: boolean;
  /** Rules of this report's own. */
  readonly style?: string;
  readonly body: string;
}

const shared = `body{font:15px/1.5 system-ui,sans-serif;color:#1b2430;max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}.passed{color:#17693a}.failed{color:#b3261e;font-weight:600}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #d8dee6;vertical-align:top;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}`;

/** A report for people as one file that needs nothing else: it runs no script and loads nothing. */
export const reportPage = ({ title, verdict, isGood, style = '', body }: Report): string =>
  `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(`${title}: ${verdict}`)}</title><style>${shared}${style}</style>
<h1>${escaped(title)}: <span class="${isGood ? 'passed' : 'failed'}">${escaped(verdict)}</span></h1>
${body}
</html>
`;
