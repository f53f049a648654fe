import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import type { Security } from '../../../compiler/document.ts';
import { docsHtml } from './page.ts';
import scalar from './scalar.json' with { type: 'json' };

const docs = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  description: 'A page with the API reference, made of the published document.',
  properties: {
    path: {
      $ref: '#/$defs/path',
      description: 'The path of the page.',
      examples: ['/docs'],
    },
    security: { $ref: '#/$defs/security' },
  },
} as const;

const script = `scalar-${scalar.version}.js`;

export default contractPart({
  folder: 'built-in/docs',
  builtIn: { docs },
  routes: (builtIn) => {
    const { path, security } = builtIn.docs ?? {};
    if (path === undefined) return [];
    const route = { key: 'docs', security: security as readonly Security[] | undefined };
    return [
      { target: { kind: 'built-in', name: 'docs' }, path, ...route },
      { target: { kind: 'built-in', name: 'docsScript' }, path: `${path}/${script}`, ...route },
    ];
  },
  compile: ({ document, builtIn, routes, report }) => {
    const path = builtIn.docs?.path;
    if (path === undefined) return () => ({});
    const openapi = routes.find(
      ({ plan: { target } }) => target.kind === 'built-in' && target.name === 'openapi',
    );
    if (openapi === undefined)
      report(
        ['x-postern', 'builtIn', 'docs'],
        '"docs" shows the published document — remove "openapi: false"',
      );
    const [name = '', ...above] = path.split('/').slice(1).toReversed();
    const base = '../'.repeat(above.length);
    const { info } = document as { readonly info?: { readonly title?: unknown } };
    const page = docsHtml(typeof info?.title === 'string' ? info.title : 'API', {
      script: `${name}/${script}`,
      document: `${base}${openapi?.plan.path.slice(1) ?? ''}`,
      base: base === '' ? '.' : base,
    });
    const isPublic = routes.some(
      ({ plan: { path: each, access } }) => each === path && access.kind === 'public',
    );
    return ({ use }) => ({
      builtIn: {
        docs: `${use('docsPage', 'docs.ts')}(${literal(page)})`,
        docsScript: `${use('docsScript', 'docs.ts')}({ folder: import.meta.dirname, file: ${literal(script)}, isPublic: ${isPublic} })`,
      },
      files: [script],
    });
  },
});
