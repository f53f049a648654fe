import { join } from 'node:path';
import { workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';
import { step } from '../command-line/step.ts';
import { buildWithGo } from './build-with-go.ts';

interface GoProgram {
  readonly name: string;
  readonly module: string;
  /** The one that is built; another on the path will do where it is supported. */
  readonly version: string;
  /** Has it tell its version. */
  readonly versionArgument: string;
  readonly isSupported?: (versionLine: string) => boolean;
  readonly howToGet: string;
}

const ownFolder = join(workFolder, 'bin');

/** A program from the path, or the project's own, which is built with Go where there is none. */
export const findGoProgram = async (program: GoProgram): Promise<string> => {
  const { name, module, version, howToGet } = program;
  const own = join(ownFolder, name);
  for (const command of [name, own]) if (await isUsable(command, program)) return command;
  await step(`build ${name} ${version} (once; a minute or two)`, () =>
    buildWithGo({ name, module: `${module}@${version}`, folder: ownFolder, howToGet }),
  );
  return own;
};

const isUsable = async (
  command: string,
  { versionArgument, isSupported = () => true }: GoProgram,
): Promise<boolean> => {
  try {
    const { exitCode, stdout } = await run(command, [versionArgument], { env: process.env });
    return exitCode === 0 && isSupported(stdout);
  } catch {
    return false;
  }
};
