import { emitList, emitObject, literal } from '../../../../compiler/code.ts';
import type { Code, Emission, EmitTools } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import type { CompiledSchemas } from './compile-schemas.ts';
import { isRangeOfJson } from './plan-body.ts';
import type { FormPlan } from './plan-form.ts';
import { emitForm, emitReadStyle, namesOfForm } from './emit-form.ts';
import type { KeyPlan } from './plan-keys.ts';
import type { BodyPlan, ParameterPlan, RequestPlan } from './request-plan.ts';
import type { SchemaNames } from './schema-names.ts';
import { groupBy } from '../../../../compiler/group-by.ts';

export interface EmittedSchemas {
  readonly names: SchemaNames;
  readonly checks: CompiledSchemas;
  readonly keys: KeyPlan;
  /** How many schemas refer back to themselves. */
  readonly recursive: number;
  /** Whether any value that is sent as JSON has a schema. */
  readonly hasJson: boolean;
  /** Whether any value may be nested: that of a body, or a parameter that is JSON or the whole query. */
  readonly hasNested: boolean;
}

/** The validator of each route, built from the generated checks. Routes with equal rules have one. */
export const emitRequests = (
  requests: ReadonlyMap<string, RequestPlan>,
  schemas: EmittedSchemas,
  { use, useAll }: EmitTools,
): Pick<Emission, 'route' | 'statements'> => {
  const validators = new Map(
    [...requests].map(([id, request]) => {
      const table = emitRequest(request, schemas, { use, useAll });
      const validate = `${use('validateRequest', 'validate-request.ts')}(${table})`;
      const code = schemas.checks.isSplit
        ? `${use('onFirstUse', 'on-first-use.ts')}(() => ${validate})`
        : validate;
      return [id, code];
    }),
  );
  const shared = [...groupBy(validators.values(), (code) => code)].flatMap(([code, { length }]) =>
    length > 1 ? [code] : [],
  );
  const names = new Map(shared.map((code, index) => [code, `validate_${index}`]));
  return {
    statements: [
      ...checksOfBodies(schemas, use),
      ...[...names].map(([code, name]) => `const ${name} = ${code};`),
    ],
    route: (id) => {
      const code = validators.get(id);
      if (code === undefined) return {};
      return {
        ...(requests.get(id)?.permissions.foldedPath === 'allow' && { allowsFoldedPath: 'true' }),
        validate: names.get(code) ?? code,
      };
    },
  };
};

const checksOfBodies = (
  { keys, recursive, hasJson, hasNested }: EmittedSchemas,
  use: EmitTools['use'],
): Code[] => [
  ...(hasJson ? [`const keys = ${use('keyCheck', 'json-keys.ts')}(${literal(keys.nodes)});`] : []),
  ...(hasNested && recursive > 0
    ? [`const limit = ${use('stepLimit', 'step-limit.ts')}(${recursive});`]
    : []),
];

const emitRequest = (
  { parameters, body, permissions }: RequestPlan,
  schemas: EmittedSchemas,
  tools: Uses,
): Code => {
  const isOpen = parameters.some(
    ({ style }) =>
      (style?.kind === 'separate' && !style.names) ||
      style?.kind === 'formQuery' ||
      style?.kind === 'jsonQuery',
  );
  return emitObject({
    parameters: emitList(
      parameters.map((parameter) => emitParameter(parameter, parameters, schemas, tools)),
    ),
    body:
      body === undefined
        ? literal(permissions.undeclaredBody === 'allow' ? 'any' : 'none')
        : emitBody(body, permissions, schemas, tools),
    ...(permissions.undeclaredQuery === 'deny' && !isOpen && { refusesUndeclaredQuery: 'true' }),
  });
};

type Uses = Pick<EmitTools, 'use' | 'useAll'>;

const emitParameter = (
  { schema, style, ...parameter }: ParameterPlan,
  all: readonly ParameterPlan[],
  schemas: EmittedSchemas,
  tools: Uses,
): Code => {
  const names = style === undefined ? undefined : namesOf(style, parameter.name);
  return emitObject({
    ...literals(parameter),
    ...(schema === undefined ? emitAnything(tools) : emitChecks(schema, schemas, tools)),
    ...(style !== undefined &&
      schema !== undefined && {
        check: emitStyle(style, { parameter, schema, all, schemas }, tools),
      }),
    ...(names !== undefined && { names: literal(names) }),
  });
};

const emitAnything = ({ use }: Uses): Record<string, Code> => {
  const anything = use('anything', 'anything.ts');
  return { fits: anything, explain: anything };
};

/** The names that a query may have for the parts of a parameter. */
const namesOf = (style: NonNullable<ParameterPlan['style']>, name: string) => {
  if (style.kind === 'formQuery') return namesOfForm(style.form);
  if (style.kind === 'deepObject') return [`${name}[`];
  return style.kind === 'separate' ? style.names : undefined;
};

interface StyledParameter {
  readonly parameter: Pick<ParameterPlan, 'in' | 'name'>;
  readonly schema: Path;
  readonly all: readonly ParameterPlan[];
  readonly schemas: EmittedSchemas;
}

const emitStyle = (
  style: NonNullable<ParameterPlan['style']>,
  { parameter, schema, all, schemas }: StyledParameter,
  { use }: Uses,
): Code => {
  const limit = schemas.recursive > 0 ? ', limit' : '';
  if (style.kind === 'json') {
    const keys = `keys(${schemas.keys.rootOf(schema)})`;
    return `${use('jsonParameter', 'json-parameter.ts')}(${keys}, ${literal(parameter.in === 'query')}${limit})`;
  }
  if (style.kind === 'jsonQuery') {
    return `${use('jsonQuery', 'whole-query.ts')}(keys(${schemas.keys.rootOf(schema)})${limit})`;
  }
  if (style.kind === 'formQuery') {
    const rules = emitForm(style.form, schema, schemas.keys, use);
    return `${use('formQuery', 'whole-query.ts')}(${emitObject(rules)}${limit})`;
  }
  const others = all.filter((other) => other.in === 'query' && other.name !== parameter.name);
  const read = emitReadStyle(
    style,
    parameter.name,
    others.map(({ name }) => name),
    use,
  );
  return `${use('styled', 'styled-parameters.ts')}(${read}, ${literal(style.reading)})`;
};

const literals = (values: Readonly<Record<string, unknown>>): Record<string, Code> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, literal(value)]));

const emitBody = (
  { required, content }: BodyPlan,
  { readOnly }: RequestPlan['permissions'],
  schemas: EmittedSchemas,
  tools: Uses,
): Code =>
  emitObject({
    required: literal(required),
    content: emitList(
      content.map(({ mediaType, schema, form }) => {
        if (schema === undefined) return emitObject({ mediaType: literal(mediaType) });
        const check =
          form === undefined
            ? emitJson(mediaType, schema, schemas, tools)
            : emitFormBody(form, schema, schemas, tools);
        return emitObject({
          mediaType: literal(mediaType),
          check:
            readOnly === 'deny' ? `${tools.use('denyReadOnly', 'read-only.ts')}(${check})` : check,
        });
      }),
    ),
  });

const emitJson = (mediaType: string, schema: Path, schemas: EmittedSchemas, tools: Uses): Code => {
  const checks = emitValueCheck(schema, schemas, tools);
  const check = `${tools.use('jsonBody', 'json-body.ts')}(${checks}, keys(${schemas.keys.rootOf(schema)}))`;
  return isRangeOfJson(mediaType)
    ? `${tools.use('jsonInRange', 'json-in-range.ts')}(${check})`
    : check;
};

const emitValueCheck = (schema: Path, schemas: EmittedSchemas, tools: Uses): Code =>
  emitObject({
    ...emitChecks(schema, schemas, tools),
    ...(schemas.recursive > 0 && { limit: 'limit' }),
  });

const emitFormBody = (form: FormPlan, schema: Path, schemas: EmittedSchemas, tools: Uses): Code => {
  const rules = emitForm(form, schema, schemas.keys, tools.use);
  const checks = emitValueCheck(schema, schemas, tools);
  if (!form.isMultipart) {
    return `${tools.use('formBody', 'form-body.ts')}(${emitObject(rules)}, ${checks})`;
  }
  const parts = literal(form.fields.map(({ name, part }) => [name, part]));
  return `${tools.use('multipartBody', 'multipart-body.ts')}(${emitObject({ ...rules, parts })}, ${checks})`;
};

const emitChecks = (
  schema: Path,
  { names, checks: { check } }: EmittedSchemas,
  tools: Uses,
): Record<string, Code> => {
  const name = names.nameOf(schema);
  return { fits: check('fits', name, tools), explain: check('explain', name, tools) };
};
