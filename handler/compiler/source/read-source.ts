import { checkVersion } from '../check-version.ts';
import type { Place, Problem, Report } from '../problem.ts';
import { valueAt } from '../references.ts';
import { upgradeOpenapi } from '../upgrade-openapi.ts';
import type { Api } from './api-document.ts';
import { applyOverlay } from './apply-overlay.ts';
import { assembleApis } from './assemble-apis.ts';
import { bundleReferences } from './bundle-references.ts';
import { isObject } from './openapi-references.ts';
import type { PlacedDocument } from './placed-document.ts';
import { ProjectFiles, type ReadFile } from './project-files.ts';

/** The contract as one document of OpenAPI 3.1, whichever files and versions it was written in. */
export interface Source extends PlacedDocument {
  /** If there are any, `value` is not reliable. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** All files that were read, the contract first, and those that should have been. */
  readonly files: readonly string[];
}

interface Options {
  readonly file: string;
  readonly readFile?: ReadFile;
}

/** Reads the contract and the files that it names. */
export const readSource = (text: string, { file, readFile }: Options): Source => {
  const files = new ProjectFiles(readFile);
  const warnings: Problem[] = [];
  const noteIn =
    (list: Problem[], { locate }: PlacedDocument): Report =>
    (path, message, at = 'value') => {
      list.push({ ...locate(path, at), message });
    };

  /** With what it refers to, in the terms of OpenAPI 3.1. */
  const complete = (document: PlacedDocument, name: string): PlacedDocument => {
    const report = noteIn(files.problems, document);
    const before = files.problems.length;
    checkVersion(document.value, report);
    if (files.problems.length > before) return document;
    const bundle = bundleReferences(document, name, files);
    return { ...bundle, value: upgradeOpenapi(bundle.value, noteIn(warnings, bundle)) };
  };

  const readNamed = (name: unknown, place: Place): NamedDocument | undefined => {
    const found = typeof name === 'string' ? files.resolve(name, file, place) : undefined;
    const document = found === undefined ? undefined : files.read(found, place);
    return found === undefined || document === undefined ? undefined : { ...document, name: found };
  };

  const readApi = (name: string, section: Section, { locate }: PlacedDocument): Api[] => {
    const path = ['x-postern', 'apis', name];
    const read = readNamed(section['document'], locate([...path, 'document'], 'value'));
    if (read === undefined) return [];
    let document: PlacedDocument = read;
    for (const [index, overlayName] of listOf(section['overlays']).entries()) {
      const overlay = readNamed(overlayName, locate([...path, 'overlays', index], 'value'));
      if (overlay === undefined) continue;
      const report = noteIn(files.problems, overlay);
      document = applyOverlay(document, overlay, { report, warn: noteIn(warnings, overlay) });
    }
    const { pathPrefix, stripPrefix = true, defaults } = section;
    return [
      {
        name,
        pathPrefix: typeof pathPrefix === 'string' ? pathPrefix : '',
        stripPrefix: stripPrefix === true,
        defaults: isObject(defaults) ? defaults : {},
        document: complete(document, read.name),
      },
    ];
  };

  const contract = files.add(file, text);
  if (contract.problems.length > 0) return { ...contract, warnings, files: files.names };
  let whole = complete(contract, file);
  const sections = valueAt(whole.value, ['x-postern', 'apis']);
  if (files.problems.length === 0 && isObject(sections)) {
    const apis = Object.entries(sections).flatMap(([name, section]) =>
      isObject(section) ? readApi(name, section, whole) : [],
    );
    if (files.problems.length === 0)
      whole = assembleApis(whole, apis, (place, message) => {
        files.problems.push({ ...place, message });
      });
  }
  const { value, locate } = whole;
  return { value, locate, warnings, problems: files.problems, files: files.names };
};

type Section = Readonly<Record<string, unknown>>;

interface NamedDocument extends PlacedDocument {
  readonly name: string;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
