import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { cacheFolder, isRepository, terraformFolder, workFolder } from '../command-line/folders.ts';

/**
 * Variables that let Terraform find its provider: in a mirror on this machine, else in the registry.
 * A CLI configuration of the user's own is left to rule.
 */
export const cliConfigVariables = (
  given: Readonly<NodeJS.ProcessEnv> = process.env,
): NodeJS.ProcessEnv => {
  const own = given['TF_CLI_CONFIG_FILE'];
  if (own && existsSync(own)) return {};
  const version = lockedVersion();
  const named = given['POSTERN_PROVIDER_MIRROR'];
  if (named && !isMirrorOf(named, version)) {
    throw new CommandError(
      `POSTERN_PROVIDER_MIRROR=${named} has no provider hashicorp/aws ${version ?? ''} for this machine. ` +
        'Name the folder that holds registry.terraform.io/hashicorp/aws, or unset it.',
    );
  }
  const pluginCache = join(cacheFolder, 'terraform-plugins');
  mkdirSync(pluginCache, { recursive: true });
  const file = join(workFolder, 'terraform.rc');
  const text = cliConfig(findProviderMirror(version, given), pluginCache);
  // Another Terraform may be reading it.
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  return { TF_CLI_CONFIG_FILE: file };
};

/**
 * Terraform requests versions from every configured source, and an unreachable one is an error, so only one is
 * configured.
 */
const cliConfig = (mirror: string | undefined, pluginCache: string): string => {
  const lines = ['disable_checkpoint = true'];
  if (mirror === undefined)
    return [...lines, `plugin_cache_dir = ${JSON.stringify(pluginCache)}`, ''].join('\n');
  return [
    ...lines,
    'provider_installation {',
    '  filesystem_mirror {',
    `    path    = ${JSON.stringify(mirror)}`,
    '    include = ["hashicorp/aws"]',
    '  }',
    '  direct {',
    '    exclude = ["hashicorp/aws"]',
    '  }',
    '}',
    '',
  ].join('\n');
};

const lockedVersion = (): string | undefined => {
  const file = join(terraformFolder, '.terraform.lock.hcl');
  // Of a project; init then writes it.
  if (!isRepository && !existsSync(file)) return undefined;
  const lock = readFileSync(file, 'utf8');
  const version = /hashicorp\/aws"\s*\{\s*version\s*=\s*"([^"]+)"/.exec(lock)?.[1];
  if (version === undefined)
    throw new CommandError('terraform/.terraform.lock.hcl does not lock hashicorp/aws.');
  return version;
};

/** The one provider there is, as a folder of a mirror. */
const provider = join('registry.terraform.io', 'hashicorp', 'aws');

/**
 * A folder in Terraform's mirror layout with the provider in this version, or in any. Looked at, in this order: what
 * `POSTERN_PROVIDER_MIRROR` names; where Terraform itself would look; the folders in the home folder, `/`, `/var/lib` and
 * `/usr/local/share`; and two levels of `/opt`, `/srv`, `/mnt`, `/usr/local` and `/usr/local/lib`.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export const findProviderMirror = (
  version: string | undefined,
  variables: Readonly<NodeJS.ProcessEnv> = process.env,
): string | undefined => usualPlaces(variables).find((folder) => isMirrorOf(folder, version));

/** Unpacked (`5.100.0/linux_amd64/`) or packed (`terraform-provider-aws_5.100.0_linux_amd64.zip`), for this machine. */
const isMirrorOf = (folder: string, version: string | undefined): boolean => {
  if (version === undefined) return entries(join(folder, provider)).length > 0;
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
    ...[home, '/', '/var/lib', '/usr/local/share'].flatMap((root) => within(root, 1)),
    ...['/opt', '/srv', '/mnt', '/usr/local', '/usr/local/lib'].flatMap((root) => within(root, 2)),
  ];
};

/** A folder and its content, up to a number of levels. */
const within = (root: string, levels: number): readonly string[] => [
  root,
  ...(levels === 0 ? [] : entries(root).flatMap((name) => within(join(root, name), levels - 1))),
];

/** Terraform's word for this machine: Go's names of systems and processors. */
const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

const entries = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
