import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Compilation, compileContract } from '../../../handler/compiler/compile-contract.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder, runtimeFolder } from '../command-line/folders.ts';
import { ownPlaces } from './build-places.ts';

/** Compiles a contract and the files and plugins that it names, for modules in that folder. */
export const compileFile = async (
  contractFile: string,
  { generatedFolder = ownPlaces.generatedFolder, checksTypes = true } = {},
): Promise<Compilation> => {
  const compilation = compileContract(await readContract(contractFile), {
    file: relative(projectFolder, contractFile),
    runtime: relative(generatedFolder, runtimeFolder),
    readFile: readFileOf(projectFolder),
  });
  if (!compilation.ok || compilation.projectModules.length === 0) return compilation;
  // A contract without plugins need not wait for what builds them.
  const { withProjectModules } = await import('./project-modules.ts');
  return withProjectModules(compilation, { contractFile, generatedFolder, checksTypes });
};

/** Throws a `CommandError` with the problems if there are any. */
export const compileValidFile = async (
  contractFile: string,
): Promise<Compilation & { readonly ok: true }> => {
  const compilation = await compileFile(contractFile);
  if (!compilation.ok) throw new CommandError(describeProblems(compilation.problems));
  return compilation;
};

export const describeProblems = (problems: readonly string[], consequence?: string): string => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const words = consequence === undefined ? count : `${count}; ${consequence}`;
  return `the contract has ${words}.\n\n${problems.join('\n')}`;
};

const readContract = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const name = relative(projectFolder, file);
    throw new CommandError(
      `${name} cannot be read (${(cause as Error).message}); it is the gateway's contract.`,
    );
  }
};

/** Reads a file of a project by its path from there. A symbolic link leads nowhere outside the project. */
export const readFileOf =
  (folder: string) =>
  (file: string): string => {
    const path = join(folder, file);
    if (!existsSync(path)) throw new Error('there is no such file');
    const target = relative(realpathSync(folder), realpathSync(path));
    if (target.startsWith('..')) throw new Error('it is a link to a file outside the project');
    return readFileSync(path, 'utf8');
  };
