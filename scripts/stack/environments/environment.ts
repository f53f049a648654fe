import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder, workFolder } from '../command-line/folders.ts';
import { CommandError } from '../command-line/command-error.ts';
import { localEnvironment, type LocalCloud } from './local-environment.ts';

/** Where a command works: `ENV=…`, with all that Terraform and the AWS clients need to reach it. */
export interface Environment {
  readonly name: string;
  /** State of its own between commands, such as Terraform's working data. */
  readonly folder: string;
  /** The whole environment of the programs that are started for it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Set for `local` only. */
  readonly local: LocalCloud | undefined;
  readonly variablesFile: string;
  readonly backendFile: string;
}

type Variables = Readonly<NodeJS.ProcessEnv>;

/** Reads `ENV` and its kin. An environment is a tfvars file with its backend settings beside it. */
export const readEnvironment = (variables: Variables = process.env): Environment => {
  const names = environmentNames();
  const name = variables['ENV'] ?? '';
  if (name === '')
    throw new CommandError(`ENV is missing. Add one of: ENV=${names.join(', ENV=')}`);
  if (!names.includes(name)) {
    throw new CommandError(
      `There is no environment "${name}". There are: ${names.join(', ')}.\n` +
        'To add one, write terraform/environments/<name>.tfvars and <name>.s3.tfbackend.',
    );
  }
  const files = {
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

/** The variables of a command typed again: `ENV=local`, or with the port where it is not the usual one. */
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
