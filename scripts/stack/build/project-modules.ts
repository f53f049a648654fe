import { rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild';
import type { Compilation } from '../../../handler/compiler/compile-contract.ts';
import { describeMisfit } from '../../../handler/compiler/describe-misfit.ts';
import {
  findingsOf,
  formatFinding,
  type Path,
  type Problem,
} from '../../../handler/compiler/problem.ts';
import { pluginModule, projectFolder } from '../command-line/folders.ts';
import { makeModuleFolder } from './module-folder.ts';
import { typeProblems } from './type-problems.ts';

type ProjectModule = (Compilation & { readonly ok: true })['projectModules'][number];

interface Options {
  readonly contractFile: string;
  /** Holds the modules of the compiled contract. */
  readonly generatedFolder: string;
  /** Whether to check the types of the project's own files as well, which takes a second or two. */
  readonly checksTypes: boolean;
}

/**
 * Adds the modules that the contract makes of code of the project and of packages. What is wrong with the code, or with
 * the options for it, is a problem of the contract.
 */
export const withProjectModules = async (
  compilation: Compilation & { readonly ok: true },
  options: Options,
): Promise<Compilation> => {
  const made = await Promise.all(
    compilation.projectModules.map((module) => makeModule(module, options)),
  );
  const sources = [...new Set(made.flatMap((each) => each.sources))];
  const files = [...compilation.files, ...sources];
  const problems = made.flatMap((each) => each.problems);
  const ofTypes = options.checksTypes ? typeProblems(sources) : [];
  problems.push(...(ofTypes ?? []));
  if (problems.length > 0) {
    const errors = findingsOf({ problems, warnings: [] }, files);
    const findings = [...errors, ...compilation.findings];
    return { ok: false, files, findings, problems: errors.map(formatFinding) };
  }
  const modules = Object.fromEntries(made.map(({ file, text }) => [file, text]));
  const warnings = ofTypes === undefined ? compilation.projectModules.map(typesNotChecked) : [];
  const findings = [...compilation.findings, ...findingsOf({ problems, warnings }, files)];
  return {
    ...compilation,
    files,
    findings,
    warnings: findings.map(formatFinding),
    modules: { ...compilation.modules, ...modules },
  };
};

const typesNotChecked = ({ locate }: ProjectModule): Problem => ({
  ...locate(['use'], 'value'),
  message:
    'the types of plugins are not checked, because TypeScript is not installed — run: npm install --save-dev typescript',
});

interface MadeModule {
  readonly file: string;
  readonly text: string;
  /** The project's files that it is made of, from the project folder. */
  readonly sources: readonly string[];
  readonly problems: readonly Problem[];
}

const makeModule = async (module: ProjectModule, options: Options): Promise<MadeModule> => {
  const bundled = await bundleSources(module, options);
  if ('problems' in bundled) return { file: module.file, text: '', ...bundled };
  const { exports, ...loaded } = await load(bundled.text, module, options.generatedFolder);
  const judged = exports === undefined ? loaded : checkOptions(module, exports);
  return {
    file: module.file,
    text: `${bundled.text}export const options = ${JSON.stringify(judged.options)};\n`,
    sources: bundled.sources,
    problems: judged.problems,
  };
};

interface Bundled {
  readonly text: string;
  readonly sources: readonly string[];
}

type Failed = Pick<MadeModule, 'sources' | 'problems'>;

/** The project's own code as one ES module, which imports packages: the zip's bundle has each of them once. */
const bundleSources = async (
  module: ProjectModule,
  { contractFile, generatedFolder }: Options,
): Promise<Bundled | Failed> => {
  const { use } = module;
  const folder = dirname(contractFile);
  const isFile = use.startsWith('.');
  const from = JSON.stringify(use);
  try {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: `export * from ${from};\nexport { default } from ${from};\n`,
        resolveDir: folder,
        sourcefile: entryName,
      },
      absWorkingDir: projectFolder,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      target: 'node22',
      format: 'esm',
      charset: 'utf8',
      logLevel: 'silent',
      plugins: [ownName(generatedFolder), installedPackages],
    });
    const sources = Object.keys(metafile.inputs).filter((file) => !isEntry(file));
    return { text: outputFiles[0]?.text ?? '', sources };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const file = relative(projectFolder, resolve(folder, use));
    return {
      // A change of the file is worth another attempt.
      sources: [...(isFile ? [file] : []), ...error.errors.flatMap(ownFileOf)],
      problems: error.errors.map((message) => problemOf(message, module)),
    };
  }
};

const entryName = '<plugin>';

const isEntry = (file: string): boolean => file.endsWith(entryName);

const ownFileOf = ({ location }: Message): string[] =>
  location === null || isEntry(location.file) ? [] : [location.file];

/** The generated module imports what the function has, wherever Postern is installed. */
const ownName = (generatedFolder: string): Plugin => ({
  name: 'own name',
  setup: (builder) => {
    const path = relative(generatedFolder, pluginModule).replaceAll('\\', '/');
    builder.onResolve({ filter: /^postern\/plugin$/ }, () => ({ path, external: true }));
  },
});

/** Packages are not bundled here, but must be installed. */
const installedPackages: Plugin = {
  name: 'installed packages',
  setup: (builder) => {
    builder.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === beingResolved) return undefined;
      if (path.startsWith('node:') || builtinModules.includes(path))
        return { path, external: true };
      const { resolveDir, kind, importer } = from;
      const found = await builder.resolve(path, {
        ...{ resolveDir, kind, importer },
        pluginData: beingResolved,
      });
      if (found.errors.length === 0) return { path, external: true };
      const name = /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;
      return {
        errors: [{ text: `the package "${name}" is not installed — run: npm install ${name}` }],
      };
    });
  },
};

const beingResolved = Symbol('being resolved');

/** At the place in the project's code or, for what the contract itself names, in the contract. */
const problemOf = ({ text, location }: Message, { use, locate }: ProjectModule): Problem => {
  if (location !== null && !isEntry(location.file))
    return {
      file: location.file,
      line: location.line,
      column: location.column + 1,
      message: text,
    };
  const message = text.startsWith('Could not resolve')
    ? `there is no file "${use}"`
    : text.startsWith('No matching export')
      ? `"${use}" has no default export — write "export default definePlugin({ … })"`
      : text;
  return { ...locate(['use'], 'value'), message };
};

interface Loaded {
  readonly exports: Readonly<Record<string, unknown>> | undefined;
  readonly options: unknown;
  readonly problems: readonly Problem[];
}

/** Evaluates the code, as the function does when it starts. */
const load = async (
  text: string,
  { file, use, options, locate }: ProjectModule,
  generatedFolder: string,
): Promise<Loaded> => {
  attempts += 1;
  makeModuleFolder(generatedFolder);
  const path = join(generatedFolder, `${file}-${process.pid}-${attempts}.mjs`);
  await writeFile(path, text);
  try {
    const exports = (await import(pathToFileURL(path).href)) as NonNullable<Loaded['exports']>;
    return { exports, options, problems: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `"${use}" cannot be loaded: ${reason}`;
    return { exports: undefined, options, problems: [{ ...locate(['use'], 'value'), message }] };
  } finally {
    await rm(path, { force: true });
  }
};

let attempts = 0;

interface Judged {
  /** With the defaults of the schema. */
  readonly options: unknown;
  readonly problems: readonly Problem[];
}

/** Middy's packages export a function that checks their options. */
const checkOptions = (module: ProjectModule, exports: NonNullable<Loaded['exports']>): Judged => {
  const { use, options, locate } = module;
  const { default: plugin } = exports;
  const at = (path: Path, message: string): Judged => ({
    options,
    problems: [{ ...locate(path, path.length === 0 ? 'key' : 'value'), message }],
  });
  const ofOptions: Path = hasKeys(options) ? ['with'] : [];
  const { options: schema, create } = (plugin ?? {}) as Readonly<Record<string, unknown>>;
  const isDefinition = typeof create === 'function';
  if (!isDefinition && typeof plugin !== 'function') {
    if (!isHooks(plugin))
      return at(
        ['use'],
        `the default export of "${use}" is no plugin — write "export default definePlugin({ … })", or export a Middy middleware`,
      );
    return hasKeys(options)
      ? at(ofOptions, `"${use}" takes no options`)
      : { options, problems: [] };
  }
  if (isDefinition) {
    if (typeof schema === 'object' && schema !== null) return checkBySchema(module, schema);
    return hasKeys(options)
      ? at(ofOptions, `"${use}" takes no options — add "options", their JSON Schema, to the plugin`)
      : { options, problems: [] };
  }
  const [, validate] =
    Object.entries(exports).find(([name]) => name.endsWith('ValidateOptions')) ?? [];
  try {
    if (typeof validate === 'function') (validate as (given: unknown) => void)(options);
    return { options, problems: [] };
  } catch (error) {
    return at(ofOptions, `the options do not fit "${use}": ${(error as Error).message}`);
  }
};

const checkBySchema = ({ use, options, locate }: ProjectModule, schema: object): Judged => {
  const given = structuredClone(options);
  try {
    const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, useDefaults: true });
    const validate = ajv.compile(schema);
    if (validate(given)) return { options: given, problems: [] };
    const problems = (validate.errors ?? []).map((error) => {
      const { path, message, at } = describeMisfit(error);
      const isAbsent = path.length === 0 && !hasKeys(options);
      return { ...locate(isAbsent ? [] : ['with', ...path], at), message };
    });
    return { options, problems };
  } catch (error) {
    const message = `the "options" of "${use}" are no JSON Schema: ${(error as Error).message}`;
    return { options, problems: [{ ...locate(['use'], 'value'), message }] };
  }
};

const hasKeys = (value: unknown): boolean => Object.keys(value ?? {}).length > 0;

const isHooks = (value: unknown): boolean =>
  ['before', 'after', 'onError'].some(
    (hook) =>
      typeof (value as Readonly<Record<string, unknown>> | undefined)?.[hook] === 'function',
  );

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
