import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';

/** Where this code lies: in the repository, or compiled in `dist` of the package. */
const codeFolder = join(import.meta.dirname, '../../..');

/** `.ts` in the repository, `.js` in the package: Node strips no types from what is in node_modules. */
export const codeExtension = extname(import.meta.filename);

/** Postern itself: the repository, or node_modules/postern. The commands write only to the project. */
export const packageFolder = codeExtension === '.ts' ? codeFolder : dirname(codeFolder);

/** The sources of the function, which every build bundles. */
export const runtimeFolder = join(codeFolder, 'handler', 'src');

/** What plugins import as `postern/plugin`: the same module as that of the function, and its types. */
export const pluginModule = join(codeFolder, 'handler', `plugin${codeExtension}`);

/** The folder with `gateway.yaml` at or above the given one; in this repository, which has several, the repository. */
const projectAt = (folder: string): string => {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (at === packageFolder) return at;
    const isOfRepository = at.startsWith(join(codeFolder, 'handler'));
    if (!isOfRepository && existsSync(join(at, 'gateway.yaml'))) return at;
  }
  return folder;
};

/** The user's: the contract and `main.tf`. In this repository the repository itself. */
export const projectFolder = projectAt(process.cwd());

/** Whether the commands work on this repository, where contract, Terraform and reports have folders of their own. */
export const isRepository = projectFolder === packageFolder;

/** What the commands fetch, generate and keep: ignored by Git, and safe to delete while nothing runs. */
export const workFolder = join(projectFolder, '.postern');

/** What every project on this machine can use: the emulator, Terraform's provider. */
export const cacheFolder = isRepository
  ? workFolder
  : join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'postern');

export const reportsFolder = isRepository
  ? join(projectFolder, 'reports')
  : join(workFolder, 'reports');

/** The root module: that of `--stack` or POSTERN_STACK, else the project's. */
export const terraformFolder = resolve(
  projectFolder,
  process.env['POSTERN_STACK'] || (isRepository ? 'terraform' : '.'),
);

/** Programs of this repository's own packages. */
export const binFolder = join(packageFolder, 'node_modules', '.bin');
