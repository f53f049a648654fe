import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../testing/compile-files.ts';

const files = {
  'gateway.yaml': `openapi: 3.1.0
info:
  title: Shop
  description: |
    Two
    lines
  version: '1'
x-postern:
  version: 1
  upstreams: { shop: { http: {} } }
  defaults: { rateLimits: [], upstream: shop }
  apis:
    users: { document: ./users.yaml, pathPrefix: /u }
    products: { document: ./products.json, overlays: [./products.overlay.yaml] }
security: []
`,
  'users.yaml': `openapi: 3.0.3
info: { title: Users, version: '1' }
paths:
  /users:
    get:
      parameters: [{ name: q, in: query, schema: { type: string, maxLength: 5 } }]
      responses: { '200': { description: OK } }
`,
  'products.json': `{
  "openapi": "3.1.0",
  "info": { "title": "Products", "version": "1" },
  "paths": {
    "/products": { "get": { "responses": { "200": { "description": "OK" } } } }
  }
}
`,
  'products.overlay.yaml': `overlay: 1.0.0
info: { title: Time, version: '1' }
actions:
  - target: $.paths['/products'].get
    update: { x-postern: { timeout: 2s } }
`,
};

const windows = (text: string): string => text.replaceAll('\n', '\r\n');
const marked = (text: string): string => `\uFEFF${text}`;

describe.each<[string, (text: string) => string]>([
  ['line endings of Windows', windows],
  ['a byte order mark', marked],
  ['both', (text) => marked(windows(text))],
])('contract, documents and overlays with %s', (_, written) => {
  const compile = (change: (texts: typeof files) => Partial<typeof files> = () => ({})) => {
    const texts = { ...files, ...change(files) };
    const entries = Object.entries(texts).map(([name, text]) => [name, written(text)]);
    return compileFiles(Object.fromEntries(entries) as typeof files);
  };

  it('result in the same gateway', () => {
    const [compiled, plain] = [compile(), compileFiles(files)];
    expect(plain.ok).toBe(true);
    expect(compiled).toEqual(plain);
  });

  it.each<[string, keyof typeof files, string, string, string]>([
    ['on a first line', 'users.yaml', '3.0.3', '4.0.0', '1:10'],
    ['of a value', 'users.yaml', 'maxLength: 5', 'maxLength: -1', '6:77'],
    ['of an overlay', 'products.overlay.yaml', '2s', '2h', '5:37'],
    ['of syntax', 'products.json', '"/products": {', '"/products": {{', ''],
  ])('have problems with the place %s', (__, file, from, to, place) => {
    const changed = (texts: typeof files) => ({ [file]: texts[file].replace(from, () => to) });
    const [found] = compile(changed).findings;
    const [plain] = compileFiles({ ...files, ...changed(files) }).findings;
    expect(found).toEqual(plain);
    expect(`${found?.file}:${found?.line}:${found?.column}`).toContain(`${file}:${place}`);
  });
});
