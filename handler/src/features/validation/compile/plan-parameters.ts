import type { ContractDocument, Parameter } from '../../../../compiler/document.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { gatherParameters } from '../../../../compiler/gather-parameters.ts';
import { nearest, suggestion } from '../../../../compiler/nearest.ts';
import type { ParameterPlan } from './request-plan.ts';
import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import type { Located } from '../../../../compiler/references.ts';
import { itemTypesOf, scalarTypes, typesOf } from './schema-types.ts';

export const planParameters = (
  document: ContractDocument,
  { path, template, item, operation, place }: PlannedOperation,
  report: Report,
): readonly ParameterPlan[] => {
  const { parameters, isWhole } = gatherParameters(
    document,
    [
      { list: item.parameters ?? [], path: ['paths', path, 'parameters'] },
      { list: operation.parameters ?? [], path: [...place, 'parameters'] },
    ],
    report,
  );
  // If some parameters are invalid, one that seems to be missing may be among them.
  if (isWhole) checkDeclared(parameters, template.parameters, place, report);
  return parameters.flatMap((parameter) =>
    planParameter(document, parameter, template.parameters, report),
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

/** Headers reserved by HTTP and OpenAPI (OpenAPI 3.1, Parameter Object), and headers that the gateway reads. */
const reservedHeaders = new Set(['accept', 'content-type', 'authorization', 'cookie']);

const planParameter = (
  document: ContractDocument,
  { value: parameter, path }: Located<Parameter>,
  pathParameters: readonly string[],
  report: Report,
): ParameterPlan[] => {
  const { name = '', in: place = 'query', required = false, schema } = parameter;
  if (place === 'path' && !pathParameters.includes(name)) {
    report([...path, 'name'], `the path has no {${name}}${suggestion(name, pathParameters)}`);
  }
  if (place === 'header' && reservedHeaders.has(name.toLowerCase())) {
    report(
      [...path, 'name'],
      `the header "${name}" cannot be a parameter — OpenAPI describes it elsewhere`,
    );
  }
  if (schema === undefined) return [];

  const located = { value: schema, path: [...path, 'schema'] };
  const header = place === 'header' ? name.toLowerCase() : name;
  return [
    {
      in: place,
      name: header,
      required,
      ...planReading(document, { name, style: listStyle(parameter) }, located, report),
      schema: located.path,
    },
  ];
};

type Reading = Pick<ParameterPlan, 'types' | 'list' | 'itemTypes'>;

/** How the text of a parameter is read: as one value, as a list, or as either, depending on the request. */
const planReading = (
  document: ContractDocument,
  { name, style }: { readonly name: string; readonly style: 'repeated' | 'commas' },
  schema: Located<unknown>,
  report: Report,
): Reading => {
  const types = typesOf(document, schema);
  const scalars = scalarTypes(types);
  const problem = (message: string): void => report(schema.path, `"${name}" ${message}`);
  if (types.has('object')) {
    problem('cannot be an object — use one parameter for each of its properties');
  }
  if (!types.has('array')) return { types: scalars, list: undefined, itemTypes: undefined };
  const items = itemTypesOf(document, schema);
  const itemTypes = items.map(scalarTypes);
  if (items.some((of, index) => of.size > 0 && itemTypes[index]?.length === 0)) {
    problem(
      'is a list of objects or lists, which a parameter cannot hold — use a list of texts, numbers or booleans',
    );
  }
  if (style === 'commas' && scalars.includes('string')) {
    problem('is a text or a list, and "a,b" is both — allow one of them only');
  }
  return { types: scalars, list: style, itemTypes };
};

/** OpenAPI's `form` with `explode`, its default for queries, repeats the name; every other style here uses commas. */
const listStyle = ({ in: place, explode }: Parameter): 'repeated' | 'commas' =>
  place === 'query' && explode !== false ? 'repeated' : 'commas';
