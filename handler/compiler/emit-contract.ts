import { posix } from 'node:path';
import type { Path } from './problem.ts';
import type { KeyPlan } from './plan-keys.ts';
import type { ContractPlan, RoutePlan } from './plan.ts';
import type { SchemaNames } from './schema-names.ts';

export interface EmittedSchemas {
  readonly names: SchemaNames;
  readonly keys: KeyPlan;
  /** How many schemas refer back to themselves. */
  readonly recursive: number;
}

/** The module that the handler imports: tables, and the names of functions in the modules beside it. */
export const emitContract = (
  { upstreams, rateLimits, failureLimit, routes }: ContractPlan,
  schemas: EmittedSchemas,
  runtime: string,
): string =>
  [
    "import * as explain from './explain.js';",
    "import * as fits from './fits.js';",
    `import { validateRequest } from '${runtime}/features/validation/validate-request.ts';`,
    ...(failureLimit === undefined
      ? []
      : [`import { failureLimit as limitFailures } from '${middlewareOf(runtime)}';`]),
    ...emitChecksOfBodies(schemas, runtime),
    '',
    `const rateLimits = ${literal(byName(rateLimits))};`,
    '',
    'export const contract = {',
    `upstreams: ${literal(byName(upstreams))},`,
    'rateLimits,',
    `routes: [\n${routes.map((route) => emitRoute(route, schemas)).join(',\n')}\n],`,
    '};',
    '',
    // Imported only where it is used: without it, it has no byte in the zip.
    `export const failureLimit = ${failureLimit === undefined ? 'undefined' : `limitFailures(${literal(failureLimit)})`};`,
    '',
  ].join('\n');

export const emitDeclaration = (runtime: string): string =>
  [
    `import type { Contract } from '${runtime}/contract.ts';`,
    `import type { FailureLimit } from '${middlewareOf(runtime)}';`,
    '',
    'export declare const contract: Contract;',
    'export declare const failureLimit: FailureLimit | undefined;',
    '',
  ].join('\n');

const middlewareOf = (runtime: string): string =>
  posix.join(runtime, 'features/failure-limit/failure-limit.ts');

const byName = <T extends { readonly name: string }>(items: readonly T[]): Record<string, T> =>
  Object.fromEntries(items.map((item) => [item.name, item]));

const literal = (value: unknown): string => JSON.stringify(value);

const emitRoute = (
  { rateLimit, parameters, body, request, ...route }: RoutePlan,
  schemas: EmittedSchemas,
): string =>
  emitObject({
    ...mapValues(route, literal),
    ...(request.foldedPath === 'allow' && { allowsFoldedPath: 'true' }),
    rateLimit: rateLimit === undefined ? 'undefined' : `rateLimits[${literal(rateLimit)}]`,
    validate:
      route.target.kind === 'built-in'
        ? 'undefined'
        : `validateRequest(${emitRequestSchema({ parameters, body, request }, schemas)})`,
  });

const emitRequestSchema = (
  { parameters, body, request }: Pick<RoutePlan, 'parameters' | 'body' | 'request'>,
  schemas: EmittedSchemas,
): string =>
  emitObject({
    parameters: emitList(
      parameters.map(({ schema, ...parameter }) =>
        emitObject({
          ...mapValues(parameter, literal),
          fits: `fits.${schemas.names.nameOf(schema)}`,
        }),
      ),
    ),
    body:
      body === undefined
        ? literal(request.undeclaredBody === 'allow' ? 'any' : 'none')
        : emitBody(body, schemas),
    ...(request.undeclaredQuery === 'deny' && { refusesUndeclaredQuery: 'true' }),
  });

const emitBody = (
  { required, content }: NonNullable<RoutePlan['body']>,
  schemas: EmittedSchemas,
): string =>
  emitObject({
    required: literal(required),
    content: emitList(
      content.map(({ mediaType, schema }) =>
        emitObject({
          mediaType: literal(mediaType),
          json: schema === undefined ? 'undefined' : emitChecks(schema, schemas),
        }),
      ),
    ),
  });

/** Only bodies that a schema judges need them. */
const emitChecksOfBodies = (
  { names, keys, recursive }: EmittedSchemas,
  runtime: string,
): string[] =>
  names.explain.size === 0
    ? []
    : [
        `import { keyCheck } from '${runtime}/features/validation/json-keys.ts';`,
        ...(recursive === 0
          ? []
          : [`import { stepLimit } from '${runtime}/features/validation/step-limit.ts';`]),
        '',
        `const keys = keyCheck(${literal(keys.nodes)});`,
        ...(recursive === 0 ? [] : [`const limit = stepLimit(${recursive});`]),
      ];

const emitChecks = (schema: Path, { names, keys, recursive }: EmittedSchemas): string => {
  const name = names.nameOf(schema);
  return emitObject({
    fits: `fits.${name}`,
    explain: `explain.${name}`,
    keys: `keys(${keys.rootOf(schema)})`,
    limit: recursive === 0 ? 'undefined' : 'limit',
  });
};

const emitObject = (members: Readonly<Record<string, string>>): string =>
  `{ ${Object.entries(members)
    .map(([name, code]) => `${name}: ${code}`)
    .join(', ')} }`;

const emitList = (items: readonly string[]): string => `[${items.join(', ')}]`;

const mapValues = (
  object: Readonly<Record<string, unknown>>,
  toCode: (value: unknown) => string,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      value === undefined ? 'undefined' : toCode(value),
    ]),
  );
