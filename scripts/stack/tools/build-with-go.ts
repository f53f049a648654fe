import { CommandError } from '../command-line/command-error.ts';
import { run } from '../command-line/run.ts';

interface Wanted {
  readonly name: string;
  /** With its version. */
  readonly module: string;
  readonly folder: string;
  /** What to do where Go cannot. */
  readonly howToGet: string;
}

/** Go checks what it fetches against its public checksum database (sum.golang.org). */
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
