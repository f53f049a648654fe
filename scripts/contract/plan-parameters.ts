import type { ContractDocument, Operation, Parameter } from './document.ts';
import type { Path, Report } from './fault.ts';
import { suggestion } from './nearest.ts';
import type { ParameterPlan } from './plan.ts';
import type { PlannedPath } from './plan-paths.ts';
import { follow, type Located } from './references.ts';
import { itemsOf, scalarTypes, typesOf } from './schema-types.ts';

/** An operation's own parameters and its path's, which its own replace by name and place. */
export const planParameters = (
  document: ContractDocument,
  { path, template, item }: PlannedPath,
  operation: Operation,
  operationPath: Path,
  report: Report,
): readonly ParameterPlan[] => {
  const byKey = new Map<string, Located<Parameter>>();
  const lists = [
    { list: item.parameters, path: ['paths', path, 'parameters'] },
    { list: operation.parameters, path: [...operationPath, 'parameters'] },
  ];
  for (const { list = [], path: listPath } of lists) {
    const seen = new Set<string>();
    for (const [index, value] of list.entries()) {
      const parameter = follow<Parameter>(document, { value, path: [...listPath, index] });
      if (parameter?.value.name === undefined || parameter.value.in === undefined) continue;
      const key = keyOf(parameter.value);
      if (seen.has(key)) report([...listPath, index], `the ${key} is declared twice`);
      seen.add(key);
      byKey.set(key, parameter);
    }
  }
  for (const name of template.parameters) {
    if (byKey.has(`path parameter "${name}"`)) continue;
    const example = `{ name: ${name}, in: path, required: true, schema: { type: string } }`;
    report(operationPath, `the path parameter "${name}" is not declared — add "${example}"`, 'key');
  }
  return [...byKey.values()].flatMap((parameter) =>
    planParameter(document, parameter, template.parameters, report),
  );
};

const keyOf = ({ in: place, name }: Parameter): string =>
  `${place} parameter "${place === 'header' ? name?.toLowerCase() : name}"`;

/** What HTTP and OpenAPI keep for themselves (OpenAPI 3.1, Parameter Object), and what the gateway reads. */
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
  const types = typesOf(document, located);
  if (types.has('object'))
    report(
      located.path,
      `"${name}" cannot be an object — use one parameter for each of its properties`,
    );
  const isList = types.has('array');
  return [
    {
      in: place,
      name: place === 'header' ? name.toLowerCase() : name,
      required,
      types: scalarTypes(isList ? typesOf(document, itemsOf(document, located)) : types),
      list: isList ? listStyle(parameter) : undefined,
      schema: located.path,
    },
  ];
};

/** OpenAPI's `form` with `explode`, its default for queries, repeats the name; every other style here uses commas. */
const listStyle = ({ in: place, explode }: Parameter): 'repeated' | 'commas' =>
  place === 'query' && explode !== false ? 'repeated' : 'commas';
