import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The one provider there is, as a folder of a mirror. */
const provider = join('registry.terraform.io', 'hashicorp', 'aws');

/**
 * A folder in Terraform's mirror layout with the provider in this version: what `POSTERN_PROVIDER_MIRROR` names,
 * where Terraform itself would look, or any such folder under /opt.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export const findProviderMirror = (
  version: string,
  variables: Readonly<NodeJS.ProcessEnv> = process.env,
): string | undefined => usualPlaces(variables).find((folder) => isMirrorOf(folder, version));

/** Unpacked (`5.100.0/linux_amd64/`) or packed (`terraform-provider-aws_5.100.0_linux_amd64.zip`), for this machine. */
export const isMirrorOf = (folder: string, version: string): boolean => {
  const unpacked = entries(join(folder, provider, version));
  const packed = entries(join(folder, provider));
  return (
    unpacked.includes(platform) ||
    packed.includes(`terraform-provider-aws_${version}_${platform}.zip`)
  );
};

const usualPlaces = (variables: Readonly<NodeJS.ProcessEnv>): string[] => {
  const home = homedir();
  const dataFolders = (variables['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':');
  return [
    ...(variables['POSTERN_PROVIDER_MIRROR'] ? [variables['POSTERN_PROVIDER_MIRROR']] : []),
    join(home, '.terraform.d', 'plugins'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    join(variables['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'terraform', 'plugins'),
    ...dataFolders.map((folder) => join(folder, 'terraform', 'plugins')),
    ...entries('/opt').map((name) => join('/opt', name)),
  ];
};

/** Terraform's word for this machine: Go's names of systems and processors. */
const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

const entries = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
