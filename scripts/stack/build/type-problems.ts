import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import type * as TypeScript from 'typescript';
import type { CompilerOptions, Diagnostic } from 'typescript';
import type { Problem } from '../../../handler/compiler/problem.ts';
import { pluginModule, projectFolder } from '../command-line/folders.ts';

/**
 * The type errors in these files of the project, by the compiler options of its `tsconfig.json`, or by strict ones if it
 * has none. JavaScript has none. Undefined if the project has no TypeScript.
 */
export const typeProblems = (files: readonly string[]): readonly Problem[] | undefined => {
  const typed = files.filter((file) => /\.[cm]?tsx?$/.test(file));
  if (typed.length === 0) return [];
  const ts = typescript();
  if (ts === undefined) return undefined;
  const configFile = join(projectFolder, 'tsconfig.json');
  const given = existsSync(configFile)
    ? ts.parseJsonConfigFileContent(
        ts.readConfigFile(configFile, (path) => ts.sys.readFile(path)).config,
        ts.sys,
        projectFolder,
      ).options
    : {};
  const usual: CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2024.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    types: ['node'],
  };
  const always: CompilerOptions = {
    noEmit: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    incremental: false,
    composite: false,
    paths: { ...given.paths, 'postern/plugin': [pluginModule.replace(/\.js$/, '.d.ts')] },
  };
  const names = typed.map((file) => resolve(projectFolder, file));
  const program = ts.createProgram(names, { ...usual, ...given, ...always });
  const diagnostics = names.flatMap((name) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  return diagnostics.map((each) => problemOf(each, ts.flattenDiagnosticMessageText));
};

/** The project's own: it takes half a second to load, which a contract without plugins need not wait for. */
const typescript = (): typeof TypeScript | undefined => {
  const require = createRequire(join(projectFolder, 'package.json'));
  try {
    return require('typescript') as typeof TypeScript;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
};

const problemOf = (
  { file, start = 0, messageText }: Diagnostic,
  flatten: (text: Diagnostic['messageText'], newLine: string) => string,
): Problem => {
  const { line = 0, character = 0 } = file?.getLineAndCharacterOfPosition(start) ?? {};
  return {
    file: relative(projectFolder, file?.fileName ?? projectFolder),
    line: line + 1,
    column: character + 1,
    message: flatten(messageText, ' '),
  };
};
