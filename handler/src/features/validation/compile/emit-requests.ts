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

/** The validator of each route, built from the generated checks. */
export const emitRequests = (
  requests: ReadonlyMap<string, RequestPlan>,
  schemas: EmittedSchemas,
  tools: EmitTools,
): Required<Pick<Emission, 'route' | 'statements' | 'modules'>> => {
  const used = new Set<string>();
  const noted = (name: string): string => {
    used.add(name);
    return name;
  };
  const noting: Uses = {
    use: (name, file) => noted(tools.use(name, file)),
    useAll: (name, file) => noted(tools.useAll(name, file)),
  };
  const validators = new Map(
    [...requests].map(([id, request]) => {
      const name = noting.use('validateRequest', 'validate-request.ts');
      const code = `${name}(${emitRequest(request, schemas, noting)})`;
      if (request.permissions.invalidFormat === 'deny') return [id, code];
      return [id, `${noting.use('allowInvalidFormat', 'invalid-format.ts')}(${code})`];
    }),
  );
  const size = [...new Set(validators.values())].reduce((sum, { length }) => sum + length, 0);
  const emit = schemas.checks.isSplit || size > largestEager ? emitLazily : emitInPlace;
  const { validate, ...emitted } = emit(validators, schemas, { used, ...tools });
  return {
    ...emitted,
    route: (id) => {
      const code = validators.get(id);
      if (code === undefined) return {};
      return {
        ...(requests.get(id)?.permissions.foldedPath === 'allow' && { allowsFoldedPath: 'true' }),
        validate: validate(code),
      };
    },
  };
};

/** To make so many at the start takes less time than to load a file would. */
const largestEager = 100_000;

interface EmittedValidators extends Required<Pick<Emission, 'statements' | 'modules'>> {
  readonly validate: (code: Code) => Code;
}

type Emit = (
  validators: ReadonlyMap<string, Code>,
  schemas: EmittedSchemas,
  tools: Uses & { readonly used: Iterable<string> },
) => EmittedValidators;

const emitInPlace: Emit = (_, schemas, { use }) => ({
  statements: sharedStatements(schemas, literal(schemas.keys.nodes), use),
  modules: {},
  validate: (code) => code,
});

/** In files beside the code, which are loaded when they are first needed. */
const emitLazily: Emit = (validators, schemas, { use, used }) => {
  const files = new Map<string, Code[]>();
  const places = new Map<Code, Code>();
  let length = Infinity;
  for (const code of new Set(validators.values())) {
    if (length > preferredLength) {
      files.set(`requests-${files.size}.cjs`, []);
      length = 0;
    }
    const [file = '', contents = []] = [...files].at(-1) ?? [];
    places.set(code, `request(${literal(`./${file}`)}, ${contents.length})`);
    contents.push(`() => ${code}`);
    length += code.length;
  }
  const json = sharedStatements(schemas, 'load("./keys.cjs")', use);
  const given = [
    ...used,
    ...(schemas.hasJson ? ['keys'] : []),
    ...(needsLimit(schemas) ? ['limit'] : []),
  ].join();
  return {
    statements: [
      `const load = ${use('loadFrom', 'lazy-requests.ts')}(import.meta.dirname);`,
      ...json,
      `const request = ${use('lazyRequests', 'lazy-requests.ts')}(load, {${given}});`,
    ],
    modules: {
      ...(schemas.hasJson && { 'keys.cjs': `module.exports = ${literal(schemas.keys.nodes)};\n` }),
      ...Object.fromEntries(
        [...files].map(([file, contents]) => [
          file,
          `module.exports = ({${given}}) => [\n${contents.join(',\n')},\n];\n`,
        ]),
      ),
    },
    validate: (code) => places.get(code) ?? code,
  };
};

/** So much code is parsed in a millisecond. */
const preferredLength = 60_000;

/** What several validators use. */
const sharedStatements = (schemas: EmittedSchemas, table: Code, use: Uses['use']): Code[] => [
  ...(schemas.hasJson ? [`const keys = ${use('keyCheck', 'json-keys.ts')}(() => ${table});`] : []),
  ...(needsLimit(schemas)
    ? [`const limit = ${use('stepLimit', 'step-limit.ts')}(${schemas.recursive});`]
    : []),
];

const needsLimit = ({ hasNested, recursive }: EmittedSchemas): boolean =>
  hasNested && recursive > 0;

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
