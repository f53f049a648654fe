import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { isRepository, packageFolder, projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { requirePython } from '../../stack/local-cloud/python.ts';
import { requireTerraform } from '../../stack/terraform/find-terraform.ts';
import type { DoctorCheck } from './diagnose.ts';

/** What every command needs of this machine. */
export const machineChecks = (): readonly DoctorCheck[] => [
  { name: 'Node', check: async () => requireNode(process.versions.node, neededNode()) },
  { name: 'Terraform', check: requireTerraform },
  ...(isRepository
    ? []
    : [{ name: 'Postern', check: async () => requireOneVersion(projectFolder) }]),
];

/** What `deploy local` needs besides. */
export const localChecks = (): readonly DoctorCheck[] => [
  {
    name: 'Python',
    check: requirePython,
    then: (python) => [{ name: 'Python venv', check: () => requireVenv(python) }],
  },
];

const neededNode = (): string =>
  (
    JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    }
  ).engines.node.replace(/^>=\s*/, '');

export const requireNode = (version: string, needed: string): string => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return version;
  throw new CommandError(
    `Node ${version} is too old; version ${needed} or newer is needed. Get it: https://nodejs.org`,
  );
};

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The installed version. Throws if package.json asks for another one, or the lock file was not installed. */
export const requireOneVersion = (folder: string): string => {
  const installedFile = join(folder, 'node_modules', 'postern', 'package.json');
  const { dependencies, devDependencies } = manifest(join(folder, 'package.json'));
  const wanted = dependencies?.['postern'] ?? devDependencies?.['postern'];
  if (wanted === undefined)
    throw new CommandError('package.json does not name it. Add it: npm install --save-dev postern');
  const { version: installed } = manifest(installedFile);
  if (installed === undefined)
    throw new CommandError(
      'It is not installed in this project, and main.tf needs it there. Run: npm install',
    );
  if (/^\d/.test(wanted) && wanted !== installed)
    throw new CommandError(
      `package.json has ${wanted}, and ${installed} is installed. Run: npm install`,
    );
  return installed;
};

const manifest = (file: string): Manifest =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};

/** Debian and Ubuntu ship Python without it. */
const requireVenv = async (python: string): Promise<string> => {
  const { exitCode } = await run(python, ['-c', 'import venv, ensurepip']);
  if (exitCode === 0) return 'available';
  throw new CommandError(
    `${python} cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv`,
  );
};
