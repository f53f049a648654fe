import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command-line/fault.ts';
import { workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';

const venvFolder = join(workFolder, 'venv');
const requirementsFile = join(import.meta.dirname, 'requirements.txt');
const stampFile = join(venvFolder, 'requirements.sha256');

/** The Python of the project's own virtual environment. */
export const venvPython = join(venvFolder, 'bin', 'python');

/** Installs what the local cloud needs, each file held against its hash; nothing is done twice. */
export const installLocalCloud = async (): Promise<void> => {
  if (isInstalled()) return;
  rmSync(venvFolder, { recursive: true, force: true });
  await makeVenv(await findPython());
  const { exitCode, stderr } = await run(venvPython, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirementsFile,
  ]);
  if (exitCode !== 0) {
    throw new Fault(`pip could not install the local cloud:\n${stderr.trim()}`);
  }
  writeFileSync(stampFile, requirementsHash());
};

export const requirementsHash = (): string =>
  createHash('sha256').update(readFileSync(requirementsFile)).digest('hex');

const isInstalled = (): boolean =>
  existsSync(venvPython) &&
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === requirementsHash();

const howToGet =
  'Install Python 3.10 or newer, such as with `apt-get install python3 python3-venv` or `brew install python`.';

const findPython = async (): Promise<string> => {
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
  throw new Fault(
    found.length === 0
      ? `Python was not found; the local cloud runs on it. ${howToGet}`
      : `The local cloud needs Python 3.10 or newer (${found.join(', ')}). ${howToGet}`,
  );
};

export const isSupportedPython = (version: string): boolean => {
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
const makeVenv = async (python: string): Promise<void> => {
  const { exitCode, stdout, stderr } = await run(python, ['-m', 'venv', venvFolder]);
  if (exitCode === 0) return;
  rmSync(venvFolder, { recursive: true, force: true });
  throw new Fault(
    `${python} could not make a virtual environment:\n${(stdout + stderr).trim()}\n` +
      'On Debian and Ubuntu: apt-get install python3-venv',
  );
};
