import { posix } from 'node:path';
import type { ContractPlan, RoutePlan } from './plan.ts';
import type { SchemaNames } from './schema-names.ts';

/** The module that the handler imports: tables, and the names of functions in the modules beside it. */
export const emitContract = (
  { upstreams, rateLimits, failureLimit, routes }: ContractPlan,
  names: SchemaNames,
  runtime: string,
): string =>
  [
    "import * as explain from './explain.js';",
    "import * as fits from './fits.js';",
    `import { validateRequest } from '${runtime}/validate-request.ts';`,
    ...(failureLimit === undefined
      ? []
      : [`import { failureLimit as limitFailures } from '${middlewareOf(runtime)}';`]),
    '',
    `const rateLimits = ${literal(byName(rateLimits))};`,
    '',
    'export const contract = {',
    `upstreams: ${literal(byName(upstreams))},`,
    'rateLimits,',
    `routes: [\n${routes.map((route) => emitRoute(route, names)).join(',\n')}\n],`,
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
  posix.join(runtime, '../middlewares/failure-limit.ts');

const byName = <T extends { readonly name: string }>(items: readonly T[]): Record<string, T> =>
  Object.fromEntries(items.map((item) => [item.name, item]));

const literal = (value: unknown): string => JSON.stringify(value);

const emitRoute = (
  { rateLimit, parameters, body, request, ...route }: RoutePlan,
  names: SchemaNames,
): string =>
  emitObject({
    ...mapValues(route, literal),
    ...(request.foldedPath === 'allow' && { allowsFoldedPath: 'true' }),
    rateLimit: rateLimit === undefined ? 'undefined' : `rateLimits[${literal(rateLimit)}]`,
    validate:
      route.target.kind === 'built-in'
        ? 'undefined'
        : `validateRequest(${emitRequestSchema({ parameters, body, request }, names)})`,
  });

const emitRequestSchema = (
  { parameters, body, request }: Pick<RoutePlan, 'parameters' | 'body' | 'request'>,
  names: SchemaNames,
): string =>
  emitObject({
    parameters: emitList(
      parameters.map(({ schema, ...parameter }) =>
        emitObject({ ...mapValues(parameter, literal), fits: `fits.${names.nameOf(schema)}` }),
      ),
    ),
    body:
      body === undefined
        ? literal(request.undeclaredBody === 'allow' ? 'any' : 'none')
        : emitBody(body, names),
    ...(request.undeclaredQuery === 'deny' && { refusesUndeclaredQuery: 'true' }),
  });

const emitBody = (
  { required, content }: NonNullable<RoutePlan['body']>,
  names: SchemaNames,
): string =>
  emitObject({
    required: literal(required),
    content: emitList(
      content.map(({ mediaType, schema }) =>
        emitObject({
          mediaType: literal(mediaType),
          json: schema === undefined ? 'undefined' : emitChecks(names.nameOf(schema)),
        }),
      ),
    ),
  });

const emitChecks = (name: string): string => `{ fits: fits.${name}, explain: explain.${name} }`;

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
