import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { CommandError } from '../command-line/command-error.ts';
import { contractSchema } from '../../../handler/compiler/contract-schema.ts';
import * as parts from '../../../handler/compiler/parts.ts';
import type { Compilation, ContractSummary } from '../../../handler/compiler/compile-contract.ts';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import { docsScript } from './docs-script.ts';
import { makeModuleFolder } from './module-folder.ts';
import { compileFile, describeProblems } from './compile-file.ts';

export interface ContractPlaces {
  readonly contractFile: string;
  /** For the modules that the handler imports, and the document it serves. */
  readonly generatedFolder: string;
}

export interface WrittenContract {
  readonly summary: ContractSummary;
  readonly routes: readonly ListedRoute[];
  /** The names of the features that the pipeline has. */
  readonly features: readonly string[];
  readonly warnings: readonly string[];
  /** The modules that are not bundled: CommonJS files that lie beside the bundle. */
  readonly lazyModules: readonly string[];
  /** Files of the generated folder that the zip holds beside the code. */
  readonly assets: readonly string[];
}

/** The published document, as it lies in the zip. */
export const openapiFile = 'openapi.br';

/** Of the contract, for editors: the first line of `gateway.yaml` names it. */
const schemaFile = 'gateway.schema.json';

/**
 * Compiles the contract into the modules that the handler imports. If it has problems, no file of an earlier build
 * stays, and a `CommandError` says what to fix.
 */
export const writeContract = async (places: ContractPlaces): Promise<WrittenContract> => {
  const { contractFile, generatedFolder } = places;
  makeModuleFolder(generatedFolder);
  // In front of all else: an editor shows what is wrong with a contract that does not compile.
  await writeIfChanged({
    path: join(generatedFolder, schemaFile),
    text: `${JSON.stringify(contractSchema(parts), undefined, 2)}\n`,
  });
  const compilation = await compileFile(contractFile, { generatedFolder });
  const files = filesOf(places, compilation);
  if (compilation.ok) {
    const assets = compilation.assets.map((name) => `${name}.br`);
    const scripts = await Promise.all(
      assets.map(async (name) => ({ path: join(generatedFolder, name), text: await docsScript() })),
    );
    await Promise.all([...files, ...scripts].map(writeIfChanged));
    const lazyModules = Object.keys(compilation.modules).filter(isLazyModule);
    await removeLazyModules(generatedFolder, lazyModules);
    const { summary, routes, features, warnings } = compilation;
    return { summary, routes, features, warnings, lazyModules, assets: [openapiFile, ...assets] };
  }
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
  await removeLazyModules(generatedFolder);
  throw new CommandError(describeProblems(compilation.problems, 'nothing was built'));
};

export const isLazyModule = (name: string): boolean => name.endsWith('.cjs');

/** Removes those of an earlier contract. */
export const removeLazyModules = async (
  folder: string,
  kept: readonly string[] = [],
): Promise<void> => {
  const present = (await readdir(folder)).filter(isLazyModule);
  const stale = present.filter((name) => !kept.includes(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
};

/** What is loading these files meanwhile never finds them half written by a compilation that changes nothing. */
const writeIfChanged = async ({ path, text }: WrittenFile): Promise<void> => {
  const contents = Buffer.from(text);
  const existing = await readFile(path).catch(() => undefined);
  if (existing === undefined || !contents.equals(existing)) await writeFile(path, contents);
};

interface WrittenFile {
  readonly path: string;
  readonly text: string | Uint8Array;
}

const filesOf = ({ generatedFolder }: ContractPlaces, compilation: Compilation) => {
  const { modules, openapi } = compilation.ok ? compilation : noOutput;
  return [
    ...Object.entries(modules).map(([name, text]) => ({ path: join(generatedFolder, name), text })),
    { path: join(generatedFolder, 'openapi.json'), text: JSON.stringify(openapi) },
    { path: join(generatedFolder, openapiFile), text: compressed(JSON.stringify(openapi)) },
  ];
};

/**
 * The same bytes wherever the project's own Node runs. The highest quality takes a second for 1 MB, and saves a tenth;
 * the next but one takes a twentieth of that.
 */
const compressed = (text: string): Uint8Array =>
  brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_QUALITY]: text.length > largest ? 9 : 11,
    },
  });

const largest = 200_000;

const noOutput = {
  modules: { 'contract.js': '', 'contract.d.ts': '' },
  openapi: {},
};
