import { createHash } from 'node:crypto';
import type { DocsPage } from './docs.ts';

/** Relative URLs, as seen from the page. */
interface Links {
  readonly script: string;
  readonly document: string;
  /** What the paths of the document are appended to. */
  readonly base: string;
}

/** The HTML of the API reference. It loads nothing but the script and the document, from the gateway itself. */
export const docsHtml = (title: string, { script, document, base }: Links): DocsPage => {
  const start = `fetch(${inScript(document)}).then((response) => response.json()).then((content) => {
  for (const item of Object.values(content.paths ?? {})) if (item.get && !item.head?.operationId) delete item.head;
  Scalar.createApiReference('#reference', {
    content,
    servers: [{ url: new URL(${inScript(base)}, location).href.replace(/\\/$/, '') }],
    withDefaultFonts: false,
    telemetry: false,
    persistAuth: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
  });
});`;
  const hash = createHash('sha256').update(start).digest('base64');
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${inHtml(title)}</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="reference"></div>
<script src="${inHtml(script)}"></script>
<script>${start}</script>
</body>
</html>
`,
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src 'self' 'sha256-${hash}'`,
      // The reference writes its styles into the page.
      "style-src 'unsafe-inline'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
};

/** JSON is JavaScript; `<` could end the script. */
const inScript = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c');

const inHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
