const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** For text and attributes. Any text of a page may come from a client. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? '');

/** Text, or existing HTML. */
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

const shared = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;background:light-dark(#fff,#0d1117);color:light-dark(#1b2430,#e6edf3);max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}small{font-weight:400;font-size:.8rem}
.passed{color:light-dark(#17693a,#3fb950)}.failed{color:light-dark(#b3261e,#ff7b72);font-weight:600}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid light-dark(#d8dee6,#30363d);vertical-align:top;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto;margin:.5rem 0}`;

interface Page {
  readonly title: string;
  /** HTML. */
  readonly heading: string;
  /** Rules beside those that all pages share. */
  readonly style?: string | undefined;
  readonly body: string;
}

/** A self-contained file: it runs no script and loads nothing, with any text in it. */
export const page = ({ title, heading, style = '', body }: Page): string =>
  `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${shared}${style}</style>
<h1>${heading}</h1>
${body}
</html>
`;

interface Report extends Omit<Page, 'heading'> {
  readonly verdict: string;
  readonly isGood: boolean;
}

export const reportPage = ({ title, verdict, isGood, ...rest }: Report): string =>
  page({
    ...rest,
    title: `${title}: ${verdict}`,
    heading: `${escaped(title)}: <span class="${isGood ? 'passed' : 'failed'}">${escaped(verdict)}</span>`,
  });
