import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../../../handler/compiler/nearest.ts';
import { projectName } from '../command-line/project-name.ts';
import { isRepository, terraformFolder, workFolder } from '../command-line/folders.ts';
import type { Arguments } from '../command-line/arguments.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { EnvironmentArgument } from '../command-line/commands.ts';
import {
  environmentsFile,
  type EnvironmentSettings,
  readEnvironmentsFile,
} from './environments-file.ts';
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
  /** What a user edits to change the environment. */
  readonly variablesFile: string;
  readonly backendFile: string;
  /** Of a project's `environments.yaml`; undefined in this repository, whose environments are tfvars. */
  readonly settings?: EnvironmentSettings;
  /** Whether `CONFIRM=<name>` was given: irreversible changes then need no question. */
  readonly isConfirmed?: boolean;
}

/**
 * Finds the environment `ENV`: in a project's `environments.yaml`; in this repository a tfvars file with its backend
 * settings beside it. Throws where there is none. `variables`
 * are what its programs inherit, and where `local` is configured: `LOCAL_PORT` and its like.
 */
export const readEnvironment = (
  args: Arguments<EnvironmentArgument>,
  variables: Readonly<NodeJS.ProcessEnv> = process.env,
): Environment => {
  if (!isRepository) return readProjectEnvironment(args, variables);
  const names = environmentNames();
  const { ENV: name = '', CONFIRM } = args;
  if (name === '') throw nameMissing(names);
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

const nameMissing = (names: readonly string[]): CommandError =>
  new CommandError(`ENV is missing. Add one of: ENV=${names.join(', ENV=')}`);

const readProjectEnvironment = (
  { ENV: name = '', CONFIRM }: Arguments<EnvironmentArgument>,
  variables: Readonly<NodeJS.ProcessEnv>,
): Environment => {
  const environments = readEnvironmentsFile();
  const names = [...environments.keys()];
  if (name === '') throw nameMissing(names);
  const settings = environments.get(name);
  if (settings === undefined) {
    throw new CommandError(
      `environments.yaml has no environment "${name}"${suggestion(name, names)}`,
    );
  }
  const place =
    name === 'local'
      ? localEnvironment(variables)
      : { folder: join(workFolder, name), variables: { ...variables }, local: undefined };
  const backendFile = join(place.folder, 's3.tfbackend');
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(backendFile, backendOf(name, settings));
  const isConfirmed = CONFIRM === name;
  return { name, ...place, isConfirmed, variablesFile: environmentsFile, backendFile, settings };
};

/** The state of all of a project's environments in an account can be in one bucket. */
const backendOf = (name: string, { region, state_bucket }: EnvironmentSettings): string =>
  [
    ...(state_bucket === undefined ? [] : [`bucket = ${JSON.stringify(state_bucket)}`]),
    `key = ${JSON.stringify(`${projectName()}/${name}.tfstate`)}`,
    `region = ${JSON.stringify(region)}`,
    'encrypt = true',
    'use_lockfile = true',
    ...(name === 'local' ? ['use_path_style = true'] : []),
    '',
  ].join('\n');

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
