import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { terraformFolder, workFolder } from '../command-line/folders.ts';
import { findProviderMirror, isMirrorOf } from './provider-mirror.ts';

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
      `POSTERN_PROVIDER_MIRROR=${named} has no provider hashicorp/aws ${version} for this machine. ` +
        'Name the folder that holds registry.terraform.io/hashicorp/aws, or unset it.',
    );
  }
  const pluginCache = join(workFolder, 'terraform-plugins');
  mkdirSync(pluginCache, { recursive: true });
  const file = join(workFolder, 'terraform.rc');
  writeFileSync(file, cliConfig(findProviderMirror(version, given), pluginCache));
  return { TF_CLI_CONFIG_FILE: file };
};

/** Terraform asks every source it may use for its versions: one that cannot be reached fails all, so it may use one. */
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

const lockedVersion = (): string => {
  const lock = readFileSync(join(terraformFolder, '.terraform.lock.hcl'), 'utf8');
  const version = /hashicorp\/aws"\s*\{\s*version\s*=\s*"([^"]+)"/.exec(lock)?.[1];
  if (version === undefined)
    throw new CommandError('terraform/.terraform.lock.hcl does not lock hashicorp/aws.');
  return version;
};
