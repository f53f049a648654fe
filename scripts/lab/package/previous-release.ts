import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { packPackage } from './pack-package.ts';

/** Has the package, and no tag in a clone of the branch alone. */
const firstWithPackage = 'df85c37853640c162d9b64cc46a2d7d0ffb0447b';

/** A commit of this repository from which a package can be made. */
export interface PreviousRelease {
  /** The tag, else the beginning of the commit's hash. */
  readonly name: string;
  readonly commit: string;
}

/**
 * The latest tag `v0.*` before the current commit, or the first commit that has the package; undefined where the
 * repository has no such history: a shallow clone, or no Git at all.
 */
export const previousRelease = (folder = packageFolder): PreviousRelease | undefined => {
  const [tag] = (git(folder, ['tag', '--list', 'v0.*', '--merged', 'HEAD~1', ...newestFirst]) ?? '')
    .split('\n')
    .filter(Boolean);
  const commit = git(folder, ['rev-parse', '--verify', `${tag ?? firstWithPackage}^{commit}`]);
  return commit === undefined ? undefined : { name: tag ?? commit.slice(0, 7), commit };
};

const newestFirst = ['--sort', '-v:refname'];

/** Its tarball, and the folder `examples` of that commit. The packages of today's repository compile it. */
export const packRelease = async (
  { commit }: PreviousRelease,
  folder: string,
): Promise<{ readonly tarball: string; readonly examples: string }> => {
  const sources = join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  const archive = join(folder, 'sources.tar');
  await must('git', ['archive', '--output', archive, commit], packageFolder);
  await must('tar', ['-xf', archive], sources);
  rmSync(archive);
  symlinkSync(join(packageFolder, 'node_modules'), join(sources, 'node_modules'));
  const { filename } = await packPackage(folder, sources);
  return { tarball: join(folder, filename), examples: join(sources, 'examples') };
};

const git = (folder: string, args: readonly string[]): string | undefined => {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
};

const must = async (program: string, args: readonly string[], cwd: string): Promise<void> => {
  const { exitCode, stderr } = await run(program, args, { cwd });
  if (exitCode !== 0) throw new CommandError(`${program} ${args[0]} failed:\n${stderr.trim()}`);
};
