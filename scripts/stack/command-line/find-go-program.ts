import { join } from 'node:path';
import { workFolder } from './folders.ts';
import { run } from './run.ts';
import { step } from './step.ts';
import { CommandError } from './command-error.ts';

interface GoProgram {
  readonly name: string;
  readonly module: string;
  /** The one that is built; another on the path will do where it is supported. */
  readonly version: string;
  /** The arguments that print its version. */
  readonly versionArgument: string;
  readonly isSupported?: (versionLine: string) => boolean;
  readonly howToGet: string;
}

const ownFolder = join(workFolder, 'bin');

/** A program from the path, or the project's own version, built with Go if there is none. */
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

interface Wanted {
  readonly name: string;
  /** With its version. */
  readonly module: string;
  readonly folder: string;
  /** What to do where Go cannot. */
  readonly howToGet: string;
}

/** Go verifies downloads by its public checksum database (sum.golang.org). */
export const buildWithGo = async ({ name, module, folder, howToGet }: Wanted): Promise<void> => {
  const env = { ...process.env, GOBIN: folder };
  const { exitCode, stderr } = await run('go', ['install', module], { env }).catch(
    (cause: unknown) => {
      throw new CommandError(`Neither ${name} nor Go was found.\n${howToGet}`, { cause });
    },
  );
  if (exitCode !== 0) {
    throw new CommandError(`Go could not build ${name}:\n${stderr.trimEnd()}\n${howToGet}`);
  }
};
