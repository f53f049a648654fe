import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folders in Terraform's mirror layout (`<registry host>/hashicorp/aws/…`) on this machine: what
 * `POSTERN_PROVIDER_MIRROR` names, where Terraform itself would look, and any such folder under /opt.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export const findProviderMirrors = (variables: NodeJS.ProcessEnv = process.env): string[] => {
  const home = homedir();
  const dataFolders = (variables['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':');
  return [
    variables['POSTERN_PROVIDER_MIRROR'],
    join(home, '.terraform.d', 'plugins'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    join(variables['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'terraform', 'plugins'),
    ...dataFolders.map((folder) => join(folder, 'terraform', 'plugins')),
    ...foldersIn('/opt').map((name) => join('/opt', name)),
  ].filter(
    (folder, index, all): folder is string =>
      Boolean(folder) && all.indexOf(folder) === index && isMirror(folder),
  );
};

const isMirror = (folder: string | undefined): boolean =>
  folder !== undefined &&
  foldersIn(folder).some((host) => foldersIn(join(folder, host, 'hashicorp', 'aws')).length > 0);

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name);
  } catch {
    return [];
  }
};
