import { parsePathTemplate } from '../path-template.ts';
import { formatPlace, type Path, type Place } from '../problem.ts';
import { pathOf, valueAt } from '../references.ts';
import { type Api, ApiDocument } from './api-document.ts';
import { ComposedDocument } from './composed-document.ts';
import { isObject, operationKeys } from './openapi-references.ts';
import type { PlacedDocument } from './placed-document.ts';

type ReportAt = (place: Place, message: string) => void;

/**
 * Puts the operations and components of several documents into the contract, so that the result is a document like any
 * other. Two documents that define one route are a problem that names both places.
 */
export const assembleApis = (
  contract: PlacedDocument,
  apis: readonly Api[],
  report: ReportAt,
): PlacedDocument => {
  const value = { paths: {}, ...(contract.value as object) };
  const whole = new ComposedDocument({ value, locate: contract.locate });
  const paths = Object.keys(whole.at(['paths']) ?? {});
  const pathByShape = new Map(paths.map((path) => [shapeOf(path), path]));
  for (const api of apis) {
    const document = new ApiDocument(api);
    document.rename(whole, contract);
    document.complete(contract.locate);
    addComponents(whole, document);
    addPaths(whole, document, pathByShape, report);
    if (document.at(['x-postern']) !== undefined)
      report(
        document.locate(['x-postern'], 'key'),
        'only the contract can have "x-postern" at its root — move this to the contract',
      );
  }
  return whole;
};

const addComponents = (whole: ComposedDocument, document: ApiDocument): void => {
  const add = (path: Path, from = path): void => addPart(whole, path, document, from);
  for (const [section] of document.entriesAt(['components']))
    for (const [name] of document.entriesAt(['components', section]))
      if (whole.at(['components', section, name]) === undefined) add(['components', section, name]);
  for (const [name] of document.entriesAt(['webhooks']))
    if (whole.at(['webhooks', name]) === undefined) add(['webhooks', name]);
  const names = tagsOf(whole).map(({ name }) => name);
  for (const [index, { name }] of tagsOf(document).entries())
    if (!names.includes(name)) add(['tags', names.push(name) - 1], ['tags', index]);
};

const tagsOf = (document: ComposedDocument): ReadonlyArray<{ readonly name?: unknown }> => {
  const tags = document.at(['tags']);
  return Array.isArray(tags) ? tags.filter(isObject) : [];
};

const addPaths = (
  whole: ComposedDocument,
  document: ApiDocument,
  pathByShape: Map<string, string>,
  report: ReportAt,
): void => {
  for (const [path, item] of document.entriesAt(['paths'])) {
    if (path.startsWith('x-')) continue;
    const from = ['paths', path];
    const publicPath = document.publicPath(path);
    const at = ['paths', publicPath];
    const taken = pathByShape.get(shapeOf(publicPath));
    if (taken === undefined) {
      pathByShape.set(shapeOf(publicPath), publicPath);
      addPart(whole, at, document, from);
    } else if (taken !== publicPath)
      report(
        document.locate(from, 'key'),
        `no request can tell "${publicPath}" from "${taken}" in ${placeOf(whole, ['paths', taken])} — give their parameters the same names, or give one of the documents another "pathPrefix"`,
      );
    else if (isObject(item)) {
      pushDown(whole, at);
      pushDown(document, from);
      for (const method of operationKeys.filter((key) => item[key] !== undefined)) {
        const operation = [...at, method];
        if (whole.at(operation) === undefined)
          addPart(whole, operation, document, [...from, method]);
        else
          report(
            document.locate([...from, method], 'key'),
            `${method.toUpperCase()} ${publicPath} is defined in ${placeOf(whole, operation)}, too — give one of the documents another "pathPrefix", or remove one of the operations with an overlay`,
          );
      }
    }
  }
};

const addPart = (whole: ComposedDocument, path: Path, document: ApiDocument, from: Path): void =>
  whole.put(path, document.at(from), { locate: document.locate, path: from });

/** Writes at each operation of a path what the path says for all of them: others come to stand beside them. */
const pushDown = (document: ComposedDocument, path: Path): void => {
  const item = document.at(path);
  if (!isObject(item)) return;
  const { parameters, 'x-postern': settings } = item;
  for (const method of operationKeys.filter((key) => isObject(item[key]))) {
    const copy = (to: Path, value: unknown, from: Path): void =>
      document.put([...path, method, ...to], value, document.origin([...path, ...from]));
    for (const [key, value] of Object.entries(settings ?? {}))
      if (document.at([...path, method, 'x-postern', key]) === undefined)
        copy(['x-postern', key], value, ['x-postern', key]);
    if (!Array.isArray(parameters)) continue;
    const own = document.at([...path, method, 'parameters']) ?? [];
    const known = Array.isArray(own) ? own.map((parameter) => keyOf(document, parameter)) : [];
    for (const [index, parameter] of parameters.entries())
      if (!known.includes(keyOf(document, parameter)))
        copy(['parameters', known.push('') - 1], parameter, ['parameters', index]);
  }
  delete item['parameters'];
  delete item['x-postern'];
};

/** Parameters with the same key are the same (OpenAPI 3.1, Operation Object). */
const keyOf = (document: ComposedDocument, parameter: unknown): string => {
  const pointer = valueAt(parameter, ['$ref']);
  const target = typeof pointer === 'string' ? document.at(pathOf(pointer) ?? []) : parameter;
  return JSON.stringify([valueAt(target, ['in']), valueAt(target, ['name'])]);
};

/** Equal for two paths that no request can tell apart. */
const shapeOf = (path: string): string => {
  const template = parsePathTemplate(path);
  return 'problem' in template ? path : template.shape;
};

const placeOf = (document: PlacedDocument, path: Path): string =>
  formatPlace(document.locate(path, 'key'));
