import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { cacheFolder, isRepository } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';

const localCloudRequirements = join(import.meta.dirname, 'requirements.txt');
/** One for all projects with the same version of the emulator. */
const localCloudVenv = join(
  cacheFolder,
  isRepository ? 'venv' : `venv-${hashOf(localCloudRequirements).slice(0, 12)}`,
);

/** The Python of the project's own virtual environment. */
export const venvPython = join(localCloudVenv, 'bin', 'python');

/** Installs the dependencies of the local cloud. */
export const installLocalCloud = (): Promise<void> =>
  installVenv(localCloudVenv, localCloudRequirements, 'the local cloud');

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

export const requirementsHash = (): string => hashOf(localCloudRequirements);

/** Creates a virtual environment from a requirements file, with verified hashes. Does nothing if it exists. */
export const installVenv = async (
  folder: string,
  requirementsFile: string,
  what: string,
): Promise<void> => {
  const stampFile = join(folder, 'requirements.sha256');
  const hash = hashOf(requirementsFile);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  rmSync(folder, { recursive: true, force: true });
  await makeVenv(await requirePython(), folder);
  const { exitCode, stderr } = await run(join(folder, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirementsFile,
  ]);
  if (exitCode !== 0) throw new CommandError(`pip could not install ${what}:\n${stderr.trim()}`);
  writeFileSync(stampFile, hash);
};

const howToGet =
  'Install Python 3.10 or newer, such as with `apt-get install python3 python3-venv` or `brew install python`.';

/** Its name on the path. Throws if there is none that is new enough. */
export const requirePython = async (): Promise<string> => {
  const candidates = [
    'python3',
    'python',
    'python3.14',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
  ];
  const found: string[] = [];
  for (const candidate of candidates) {
    const version = await versionOf(candidate);
    if (version === undefined) continue;
    if (isSupportedPython(version)) return candidate;
    found.push(`${candidate} is ${version}`);
  }
  throw new CommandError(
    found.length === 0
      ? `Python was not found; the local cloud runs on it. ${howToGet}`
      : `The local cloud needs Python 3.10 or newer (${found.join(', ')}). ${howToGet}`,
  );
};

const isSupportedPython = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 10);
};

const versionOf = async (python: string): Promise<string | undefined> => {
  try {
    const { exitCode, stdout } = await run(python, [
      '-c',
      'import platform; print(platform.python_version())',
    ]);
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
};

/** Debian and Ubuntu ship Python without `ensurepip`, which a virtual environment is made with. */
const makeVenv = async (python: string, folder: string): Promise<void> => {
  const { exitCode, stdout, stderr } = await run(python, ['-m', 'venv', folder]);
  if (exitCode === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new CommandError(
    `${python} could not make a virtual environment:\n${(stdout + stderr).trim()}\n` +
      'On Debian and Ubuntu: apt-get install python3-venv',
  );
};
