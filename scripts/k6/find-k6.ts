import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command-line/fault.ts';
import { workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';
import { step } from '../command-line/step.ts';

/** The version that is built; any other 1.x that is on the path will do. */
const version = 'v1.8.1';

const ownFolder = join(workFolder, 'bin');
const ownK6 = join(ownFolder, 'k6');

/** k6 from the path, or the project's own, which is built with Go if there is none. */
export const findK6 = async (): Promise<string> => {
  for (const command of ['k6', ownK6]) {
    if (await isUsable(command)) return command;
  }
  await step(`build k6 ${version} (once; a minute or two)`, buildWithGo);
  return ownK6;
};

/** From 1.0 on k6 runs TypeScript; 2.x gives its figures in another form. */
export const isSupported = (versionLine: string): boolean => /^k6 v1\./.test(versionLine);

const isUsable = async (command: string): Promise<boolean> => {
  const { exitCode, stdout } = await runIfThere(command, ['version']);
  return exitCode === 0 && isSupported(stdout);
};

/** Go checks what it fetches against its public checksum database (sum.golang.org). */
const buildWithGo = async (): Promise<void> => {
  const variables = { ...process.env, GOBIN: ownFolder };
  const { exitCode, stderr } = await runIfThere(
    'go',
    ['install', `go.k6.io/k6@${version}`],
    variables,
  );
  if (exitCode === undefined) throw new Fault(`Neither k6 1.x nor Go was found.\n${howToGet}`);
  if (exitCode !== 0 || !existsSync(ownK6)) {
    throw new Fault(`Go could not build k6:\n${stderr.trimEnd()}\n${howToGet}`);
  }
};

const runIfThere = async (
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> => {
  try {
    return await run(program, args, { env });
  } catch (error) {
    if (isMissing(error)) return { exitCode: undefined, stdout: '', stderr: '' };
    throw error;
  }
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const howToGet =
  `Put k6 ${version} on the PATH (https://github.com/grafana/k6/releases/tag/${version}), ` +
  'or install Go 1.25 or newer (https://go.dev/dl), with which it is built here.';
