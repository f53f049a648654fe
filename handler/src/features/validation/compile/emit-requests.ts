import { emitList, emitObject, literal } from '../../../../compiler/code.ts';
import type { Code, Emission, EmitTools } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import type { KeyPlan } from './plan-keys.ts';
import type { BodyPlan, RequestPlan } from './request-plan.ts';
import type { SchemaNames } from './schema-names.ts';

export interface EmittedSchemas {
  readonly names: SchemaNames;
  readonly keys: KeyPlan;
  /** How many schemas refer back to themselves. */
  readonly recursive: number;
}

/** The validator of each route, built from the generated checks. */
export const emitRequests = (
  requests: ReadonlyMap<string, RequestPlan>,
  schemas: EmittedSchemas,
  { use, useAll }: EmitTools,
): Pick<Emission, 'route' | 'statements'> => ({
  statements: checksOfBodies(schemas, use),
  route: (id) => {
    const request = requests.get(id);
    return request === undefined
      ? {}
      : {
          ...(request.permissions.foldedPath === 'allow' && { allowsFoldedPath: 'true' }),
          validate: `${use('validateRequest', 'validate-request.ts')}(${emitRequest(request, schemas, useAll)})`,
        };
  },
});

/** Needed only for bodies with a schema. */
const checksOfBodies = (
  { names, keys, recursive }: EmittedSchemas,
  use: EmitTools['use'],
): Code[] =>
  names.explain.size === 0
    ? []
    : [
        `const keys = ${use('keyCheck', 'json-keys.ts')}(${literal(keys.nodes)});`,
        ...(recursive === 0
          ? []
          : [`const limit = ${use('stepLimit', 'step-limit.ts')}(${recursive});`]),
      ];

const emitRequest = (
  { parameters, body, permissions }: RequestPlan,
  schemas: EmittedSchemas,
  useAll: EmitTools['useAll'],
): Code =>
  emitObject({
    parameters: emitList(
      parameters.map(({ schema, ...parameter }) =>
        emitObject({
          ...literals(parameter),
          fits: `${useAll('fits', 'fits.js')}.${schemas.names.nameOf(schema)}`,
        }),
      ),
    ),
    body:
      body === undefined
        ? literal(permissions.undeclaredBody === 'allow' ? 'any' : 'none')
        : emitBody(body, schemas, useAll),
    ...(permissions.undeclaredQuery === 'deny' && { refusesUndeclaredQuery: 'true' }),
  });

const literals = (values: Readonly<Record<string, unknown>>): Record<string, Code> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, literal(value)]));

const emitBody = (
  { required, content }: BodyPlan,
  schemas: EmittedSchemas,
  useAll: EmitTools['useAll'],
): Code =>
  emitObject({
    required: literal(required),
    content: emitList(
      content.map(({ mediaType, schema }) =>
        emitObject({
          mediaType: literal(mediaType),
          json: schema === undefined ? 'undefined' : emitChecks(schema, schemas, useAll),
        }),
      ),
    ),
  });

const emitChecks = (
  schema: Path,
  { names, keys, recursive }: EmittedSchemas,
  useAll: EmitTools['useAll'],
): Code => {
  const name = names.nameOf(schema);
  return emitObject({
    fits: `${useAll('fits', 'fits.js')}.${name}`,
    explain: `${useAll('explain', 'explain.js')}.${name}`,
    keys: `keys(${keys.rootOf(schema)})`,
    ...(recursive > 0 && { limit: 'limit' }),
  });
};
