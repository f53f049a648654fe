import { join } from 'node:path';
import { Fault } from '../command-line/fault.ts';
import { workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';
import { step } from '../command-line/step.ts';

const version = 'v1.7.12';
const ownFolder = join(workFolder, 'bin');

/** actionlint from the path, or the project's own, which is built with Go where there is none. */
export const findActionlint = async (): Promise<string> => {
  const own = join(ownFolder, 'actionlint');
  for (const program of ['actionlint', own]) if (await runs(program)) return program;
  await step(`build actionlint ${version} (once)`, buildWithGo);
  return own;
};

const runs = async (program: string): Promise<boolean> => {
  try {
    return (await run(program, ['-version'])).exitCode === 0;
  } catch {
    return false;
  }
};

const buildWithGo = async (): Promise<void> => {
  const module = `github.com/rhysd/actionlint/cmd/actionlint@${version}`;
  const howToGet = `Put actionlint ${version} on the PATH, or install Go.`;
  try {
    const { exitCode, stderr } = await run('go', ['install', module], {
      env: { ...process.env, GOBIN: ownFolder },
    });
    if (exitCode !== 0) throw new Fault(`Go could not build actionlint:\n${stderr}\n${howToGet}`);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(`Neither actionlint nor Go was found. ${howToGet}`, { cause });
  }
};
