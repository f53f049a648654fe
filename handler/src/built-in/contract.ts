import { contractPart } from '../../compiler/contract-part.ts';

const at = <const P extends string>(path: P, what: string) =>
  ({
    type: 'object',
    additionalProperties: false,
    errorMessage: `must have a path, such as "{ path: ${path} }"`,
    description: what,
    properties: { path: { $ref: '#/$defs/path', description: 'Its path.', default: path } },
  }) as const;

const orNone = <const S extends { readonly description: string }>(route: S) =>
  ({
    if: { const: false },
    else: route,
    description: `${route.description} \`false\`: there is none.`,
  }) as const;

const usual = {
  health: '/health',
  ready: '/health/ready',
  openapi: '/openapi.json',
  openapiYaml: '/openapi.yaml',
} as const;

/** The routes that every gateway itself responds to, unless its contract does without them. */
export default contractPart({
  folder: 'built-in',
  builtIn: {
    health: at(usual.health, 'Shows that the function runs.'),
    ready: orNone(at(usual.ready, 'Shows whether tables and keys can be reached.')),
    openapi: orNone(at(usual.openapi, 'The published document.')),
    openapiYaml: orNone(at(usual.openapiYaml, 'The published document as YAML.')),
  },
  routes: (builtIn) =>
    (['health', 'ready', 'openapi', 'openapiYaml'] as const).flatMap((name) => {
      const section = builtIn[name];
      return section === false
        ? []
        : [
            {
              target: { kind: 'built-in', name },
              key: name,
              path: section?.path ?? usual[name],
              security: [],
            },
          ];
    }),
  compile: () => () => ({}),
});
