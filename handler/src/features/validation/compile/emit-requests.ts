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
  /** Whether any body has a schema. */
  readonly hasBodies: boolean;
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
  { keys, recursive, hasBodies }: EmittedSchemas,
  use: EmitTools['use'],
): Code[] =>
  !hasBodies
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
          ...emitChecks(schema, schemas, useAll),
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
          json: schema === undefined ? 'undefined' : emitJson(schema, schemas, useAll),
        }),
      ),
    ),
  });

const emitJson = (schema: Path, schemas: EmittedSchemas, useAll: EmitTools['useAll']): Code =>
  emitObject({
    ...emitChecks(schema, schemas, useAll),
    keys: `keys(${schemas.keys.rootOf(schema)})`,
    ...(schemas.recursive > 0 && { limit: 'limit' }),
  });

const emitChecks = (
  schema: Path,
  { names }: EmittedSchemas,
  useAll: EmitTools['useAll'],
): Record<string, Code> => {
  const name = names.nameOf(schema);
  return {
    fits: `${useAll('fits', 'fits.js')}.${name}`,
    explain: `${useAll('explain', 'explain.js')}.${name}`,
  };
};
