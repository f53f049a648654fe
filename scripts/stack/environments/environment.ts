import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder, workFolder } from '../command-line/folders.ts';
import type { Arguments } from '../command-line/arguments.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { EnvironmentArgument } from '../command-line/commands.ts';
import { localEnvironment, type LocalCloud } from './local-environment.ts';

/** Where a command works: `ENV=…`, with all that Terraform and the AWS clients need to reach it. */
export interface Environment {
  readonly name: string;
  /** Its own state between commands, such as Terraform's working data. */
  readonly folder: string;
  /** The whole environment of the programs that are started for it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Set for `local` only. */
  readonly local: LocalCloud | undefined;
  readonly variablesFile: string;
  readonly backendFile: string;
  /** Whether `CONFIRM=<name>` was given: irreversible changes then need no question. */
  readonly isConfirmed?: boolean;
}

/**
 * Finds the environment `ENV`: a tfvars file with its backend settings beside it. Throws where there is none. `variables`
 * are what its programs inherit, and where `local` is configured: `LOCAL_PORT` and its like.
 */
export const readEnvironment = (
  args: Arguments<EnvironmentArgument>,
  variables: Readonly<NodeJS.ProcessEnv> = process.env,
): Environment => {
  const names = environmentNames();
  const { ENV: name = '', CONFIRM } = args;
  if (name === '')
    throw new CommandError(`ENV is missing. Add one of: ENV=${names.join(', ENV=')}`);
  if (!names.includes(name)) {
    throw new CommandError(
      `There is no environment "${name}". There are: ${names.join(', ')}.\n` +
        'To add one, write terraform/environments/<name>.tfvars and <name>.s3.tfbackend.',
    );
  }
  const files = {
    isConfirmed: CONFIRM === name,
    variablesFile:
      (name === 'local' && variables['LOCAL_VARIABLES_FILE']) ||
      join(environmentsFolder, `${name}.tfvars`),
    backendFile: join(environmentsFolder, `${name}.s3.tfbackend`),
  };
  if (!existsSync(files.backendFile)) {
    throw new CommandError(
      `terraform/environments/${name}.s3.tfbackend is missing: it says where the state is.`,
    );
  }
  if (name === 'local') return { name, ...files, ...localEnvironment(variables) };
  return {
    name,
    ...files,
    folder: join(workFolder, name),
    variables: { ...variables },
    local: undefined,
  };
};

/** The arguments that name this environment: `ENV=local`, with `LOCAL_PORT` where it is not the default. */
export const spelledOut = ({ name, local }: Environment): string =>
  local?.chosenPort === undefined ? `ENV=${name}` : `ENV=${name} LOCAL_PORT=${local.chosenPort}`;

const environmentsFolder = join(terraformFolder, 'environments');

const environmentNames = (): string[] =>
  readdirSync(environmentsFolder)
    .filter((file) => file.endsWith('.tfvars'))
    .map((file) => file.slice(0, -'.tfvars'.length))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));

const rank = (name: string): number => {
  const usual = ['local', 'dev', 'prod'].indexOf(name);
  return usual === -1 ? 3 : usual;
};
