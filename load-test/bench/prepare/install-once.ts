import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../../scripts/stack/command-line/command-error.ts';
import { run } from '../../../scripts/stack/command-line/run.ts';

/**
 * Runs `install` in an empty `folder` unless it has run there with the same files before. A run that was
 * cut short leaves no stamp, and so is done again.
 */
export const installOnce = async (
  folder: string,
  dependsOn: readonly string[],
  install: () => Promise<void>,
): Promise<void> => {
  const stamp = join(folder, 'installed');
  const hash = createHash('sha256').update(process.version);
  for (const file of dependsOn) hash.update(readFileSync(file));
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install();
  writeFileSync(stamp, wanted);
};

/** Runs a tool without output. If it fails, its output is the error. */
export const runTool = async (
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<void> => {
  const { exitCode, stdout, stderr } = await run(program, args, { cwd }).catch((error: unknown) => {
    throw new CommandError(
      `${program} cannot be started, and the bench needs it: ${String(error)}`,
    );
  });
  if (exitCode === 0) return;
  throw new CommandError(`${program} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
};
