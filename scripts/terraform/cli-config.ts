import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command-line/fault.ts';
import { workFolder } from '../command-line/folders.ts';
import { findProviderMirrors } from './provider-mirror.ts';

/**
 * Variables that let Terraform find its provider: in the mirrors of this machine, else in the registry.
 * A CLI configuration of the user's own is left to rule.
 */
export const cliConfigVariables = (given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => {
  const own = given['TF_CLI_CONFIG_FILE'];
  if (own !== undefined && existsSync(own)) return {};
  const named = given['POSTERN_PROVIDER_MIRROR'];
  const mirrors = findProviderMirrors(given);
  if (named && !mirrors.includes(named)) {
    throw new Fault(
      `POSTERN_PROVIDER_MIRROR=${named} holds no <registry host>/hashicorp/aws folder. ` +
        'Name the folder above the registry host, or unset it.',
    );
  }
  const pluginCache = join(workFolder, 'terraform-plugins');
  mkdirSync(pluginCache, { recursive: true });
  const file = join(workFolder, 'terraform.rc');
  writeFileSync(file, cliConfig(mirrors, pluginCache));
  return { TF_CLI_CONFIG_FILE: file };
};

const cliConfig = (mirrors: readonly string[], pluginCache: string): string =>
  [
    'disable_checkpoint = true',
    `plugin_cache_dir   = ${JSON.stringify(pluginCache)}`,
    'provider_installation {',
    ...mirrors.map((path) => `  filesystem_mirror { path = ${JSON.stringify(path)} }`),
    '  direct {}',
    '}',
    '',
  ].join('\n');
