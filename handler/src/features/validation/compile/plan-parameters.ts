import type { ContractDocument, Parameter } from '../../../../compiler/document.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { gatherParameters } from '../../../../compiler/gather-parameters.ts';
import { nearest, suggestion } from '../../../../compiler/nearest.ts';
import type { ParameterPlan } from './request-plan.ts';
import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import type { Located } from '../../../../compiler/references.ts';
import { isJson } from '../media-type.ts';
import { planForm } from './plan-form.ts';
import { planReading } from './plan-reading.ts';
import { planStyle, styleOf } from './plan-style.ts';
import { itemTypesOf, scalarTypes, typesOf } from './schema-types.ts';

export const planParameters = (
  document: ContractDocument,
  { path, template, item, operation, place }: PlannedOperation,
  reports: Reports,
): readonly ParameterPlan[] => {
  const { report } = reports;
  const { parameters, isWhole } = gatherParameters(
    document,
    [
      { list: item.parameters ?? [], path: ['paths', path, 'parameters'] },
      { list: operation.parameters ?? [], path: [...place, 'parameters'] },
    ],
    report,
  );
  reportOthersInQuery(parameters, report);
  // If some parameters are invalid, one that seems to be missing may be among them.
  if (isWhole) checkDeclared(parameters, template.parameters, place, report);
  return parameters.flatMap((parameter) =>
    planParameter(document, parameter, template.parameters, reports),
  );
};

const checkDeclared = (
  parameters: readonly Located<Parameter>[],
  pathParameters: readonly string[],
  operationPath: Path,
  report: Report,
): void => {
  const inPath = parameters.filter(({ value }) => value.in === 'path');
  const declared = inPath.map(({ value }) => value.name ?? '');
  const misnamed = declared.filter((name) => !pathParameters.includes(name));
  for (const name of pathParameters) {
    if (declared.includes(name) || nearest(name, misnamed) !== undefined) continue;
    const example = `{ name: ${name}, in: path, required: true, schema: { type: string } }`;
    report(operationPath, `the path parameter "${name}" is not declared — add "${example}"`, 'key');
  }
};

/** OpenAPI 3.2, Parameter Locations. */
const reportOthersInQuery = (parameters: readonly Located<Parameter>[], report: Report): void => {
  const [whole, ...more] = parameters.filter(({ value }) => value.in === 'querystring');
  if (whole === undefined) return;
  const name = whole.value.name ?? '';
  for (const { path } of [...more, ...parameters.filter(({ value }) => value.in === 'query')]) {
    report(
      path,
      `"${name}" (in: querystring) is the whole query — declare this as one of its properties`,
      'key',
    );
  }
};

/** Headers reserved by HTTP and OpenAPI (OpenAPI 3.1, Parameter Object), and headers that the gateway reads. */
const reservedHeaders = new Set(['accept', 'content-type', 'authorization', 'cookie']);

const planParameter = (
  document: ContractDocument,
  { value: parameter, path }: Located<Parameter>,
  pathParameters: readonly string[],
  { report, warn }: Reports,
): ParameterPlan[] => {
  const { name = '', in: place = 'query', required = false, schema, content } = parameter;
  if (place === 'path' && !pathParameters.includes(name)) {
    report([...path, 'name'], `the path has no {${name}}${suggestion(name, pathParameters)}`);
  }
  if (place === 'querystring') {
    const plan = planWholeQuery(document, content ?? {}, path, warn);
    return plan === undefined ? [] : [{ in: 'query', name, required, ...plan }];
  }
  if (place === 'header' && reservedHeaders.has(name.toLowerCase())) {
    warn(
      [...path, 'name'],
      `the header "${name}" is no parameter: OpenAPI describes it elsewhere, so it is not checked`,
    );
    return [];
  }
  const own = { in: place, name: place === 'header' ? name.toLowerCase() : name, required };
  if (content !== undefined) return [{ ...own, ...planContent(content, path, warn) }];
  if (schema === undefined) return [{ ...own, ...unchecked }];
  const located = { value: schema, path: [...path, 'schema'] };
  return [{ ...own, ...planSchema(document, parameter, located, warn) }];
};

interface Reports {
  readonly report: Report;
  readonly warn: Report;
}

type Check = Omit<ParameterPlan, 'in' | 'name' | 'required'>;

/** Only its presence is checked. */
const unchecked: Check = {
  types: [],
  list: 'repeated',
  itemTypes: undefined,
  schema: undefined,
  style: undefined,
};

const planContent = (
  content: NonNullable<Parameter['content']>,
  path: Path,
  warn: Report,
): Check => {
  const [[mediaType, media] = ['', undefined]] = Object.entries(content);
  if (media?.schema === undefined) return unchecked;
  const schema = [...path, 'content', mediaType, 'schema'];
  if (isJson(mediaType)) {
    return { ...unchecked, list: undefined, schema, style: { kind: 'json' } };
  }
  warn(schema, `the schema of a parameter as "${mediaType}" is not checked`, 'key');
  return unchecked;
};

/** OpenAPI 3.2: a parameter `in: querystring` is the whole query. */
const planWholeQuery = (
  document: ContractDocument,
  content: NonNullable<Parameter['content']>,
  path: Path,
  warn: Report,
): Check | undefined => {
  const [[mediaType, media] = ['', undefined]] = Object.entries(content);
  if (media?.schema === undefined) return undefined;
  const schema = [...path, 'content', mediaType, 'schema'];
  if (isJson(mediaType)) return { ...unchecked, schema, style: { kind: 'jsonQuery' } };
  if (mediaType === 'application/x-www-form-urlencoded') {
    const located = { value: media.schema, path: schema };
    const form = planForm(document, mediaType, { ...media, schema: located }, warn);
    return form && { ...unchecked, schema, style: { kind: 'formQuery', form } };
  }
  warn(schema, `the schema of a parameter as "${mediaType}" is not checked`, 'key');
  return undefined;
};

/** How the text of a parameter is read: as one value, as a list, or as either, depending on the request. */
const planSchema = (
  document: ContractDocument,
  parameter: Parameter,
  schema: Located<unknown>,
  warn: Report,
): Check => {
  const { style, explode } = styleOf(parameter);
  const types = typesOf(document, schema);
  const scalars = scalarTypes(types);
  const isList = types.has('array');
  const isRepeated = isList && parameter.in === 'query' && explode && style !== 'deepObject';
  const items = isList ? itemTypesOf(document, schema) : [];
  const itemTypes = items.map(scalarTypes);
  const isDeep = items.some((of, index) => of.size > 0 && itemTypes[index]?.length === 0);
  const isPlain = isRepeated || style === 'form' || style === 'simple';
  if (
    isPlain &&
    !types.has('object') &&
    !isDeep &&
    (isRepeated || !isList || !scalars.includes('string'))
  ) {
    return {
      types: scalars,
      list: isList ? (isRepeated ? 'repeated' : 'commas') : undefined,
      itemTypes: isList ? itemTypes : undefined,
      schema: schema.path,
      style: undefined,
    };
  }
  if (isDeep && style !== 'deepObject') {
    warn(
      schema.path,
      `a list of objects or lists has no form in the style "${style}", so it is not checked`,
    );
    return unchecked;
  }
  const reading = planReading(document, [schema]);
  const plan = planStyle(parameter, reading);
  return { ...unchecked, schema: schema.path, style: { ...plan, reading } };
};
