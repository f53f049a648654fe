import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, Killed } from '../command-line/command-error.ts';
import { isRepository, packageFolder, terraformFolder } from '../command-line/folders.ts';
import { type Finished, run, type Run } from '../command-line/run.ts';
import type { Environment } from '../environments/environment.ts';
import { cliConfigVariables } from './cli-config.ts';
import { requireTerraform } from './find-terraform.ts';
import { type Diagnostic, describeDiagnostic, diagnosticsOf, showWarnings } from './diagnostics.ts';
import type { StateBackend } from './state-backend.ts';
import { buildPlaces } from '../build/build-places.ts';
import { mockUrls } from '../local-cloud/local-upstreams.ts';
import { variablesFileOf, variablesFilesOf } from './variables-file.ts';

export interface Options extends Pick<Run, 'output' | 'onStart'> {
  /** Exit codes that do not mean a failure. */
  readonly expected?: readonly number[];
  /** The root module; the gateway's own unless another is named. */
  readonly folder?: string;
}

export interface TerraformFinished extends Finished {
  /** Errors and warnings, where the output was kept. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs Terraform for an environment. Its warnings are shown: by itself where its output is, else in a line each. What it
 * reports about a failure becomes the error's message.
 */
export const terraform = async (
  environment: Environment,
  args: readonly string[],
  { expected = [0], folder = terraformFolder, ...options }: Options = {},
): Promise<TerraformFinished> => {
  const isKept = (options.output ?? 'keep') === 'keep';
  const json = isKept && withJson.includes(args[0] ?? '') ? ['-json'] : [];
  const [command = '', ...rest] = args;
  const finished = await run(
    'terraform',
    [`-chdir=${folder}`, command, ...json, ...rest, ...colour],
    {
      ...options,
      env: terraformVariables(environment, folder),
    },
  );
  const diagnostics = json.length === 0 ? [] : diagnosticsOf(finished.stdout);
  const files = { folder, ...variablesFilesOf(environment) };
  showWarnings(diagnostics, files);
  if (expected.includes(finished.exitCode)) return { ...finished, diagnostics };
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((error) => describeDiagnostic(error, files));
  const message = [`terraform ${command} failed.`, ...errors, finished.stderr.trim()]
    .join('\n')
    .trim();
  throw finished.exitCode > 128 ? new Killed(message) : new CommandError(message);
};

/** The commands that report with `-json`, and that may warn. */
const withJson = ['init', 'plan', 'apply', 'destroy'];

/** Initializes Terraform for an environment's state. Repeated only if an input has changed. */
export const initialise = async (
  environment: Environment,
  { bucket }: StateBackend,
): Promise<void> => {
  await requireTerraform();
  const stampFile = join(environment.folder, 'initialised');
  const stamp = initialisationHash(environment, bucket);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  await terraform(environment, [
    'init',
    '-input=false',
    '-reconfigure',
    `-backend-config=${environment.backendFile}`,
    `-backend-config=bucket=${bucket}`,
  ]);
  writeFileSync(stampFile, stamp);
};

/** The arguments that select the environment of a plan, an apply or a destroy. */
export const planArguments = (environment: Environment): string[] =>
  environment.settings === undefined
    ? argumentsByFile(environment)
    : ['-input=false', ...projectVariables(environment).map((variable) => `-var=${variable}`)];

/** The variables that the `main.tf` of a project declares for the commands. */
const projectVariables = ({ name, local }: Environment): readonly string[] => [
  `environment=${name}`,
  ...(local
    ? [
        `emulator_url=${local.endpoint}`,
        `mocks=${JSON.stringify(mockUrls(local, builtUpstreams()))}`,
      ]
    : []),
];

/** The contract's, once it is built. */
const builtUpstreams = (): readonly string[] => {
  const { summaryFile } = buildPlaces;
  if (!existsSync(summaryFile)) return [];
  return (JSON.parse(readFileSync(summaryFile, 'utf8')) as { upstreams: readonly string[] })
    .upstreams;
};

const argumentsByFile = (environment: Environment): string[] => [
  '-input=false',
  `-var-file=${variablesFileOf(environment)}`,
  ...(environment.local ? [`-var=emulator_url=${environment.local.endpoint}`] : []),
];

/** Terraform uses colors even in a pipe. */
const colour = process.stderr.isTTY ? [] : ['-no-color'];

export const dataFolder = ({ folder }: Environment, root = terraformFolder): string =>
  join(folder, 'terraform', root === terraformFolder ? 'root' : 'bootstrap');

/** Each environment has separate working data, so switching between them needs no `init -reconfigure`. */
export const terraformVariables = (environment: Environment, folder: string): NodeJS.ProcessEnv => {
  const data = dataFolder(environment, folder);
  mkdirSync(data, { recursive: true });
  return {
    ...environment.variables,
    ...cliConfigVariables(),
    TF_DATA_DIR: data,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
};

/** Hash of the inputs of `init`: the locked providers, the backend and the modules. */
const initialisationHash = ({ backendFile, local }: Environment, bucket: string): string => {
  const hash = createHash('sha256').update(
    JSON.stringify([local?.endpoint, local?.accountId, bucket]),
  );
  const files = [join(terraformFolder, '.terraform.lock.hcl'), backendFile];
  // A project's first init writes the lock file.
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : '');
  return hash.update(declarations().join('\n')).digest('hex');
};

const declarations = (): string[] =>
  [
    ...filesIn(terraformFolder, isRepository),
    ...(isRepository ? [] : filesIn(join(packageFolder, 'terraform/modules'), true)),
  ]
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => /^\s*(module|source|version|backend)\b/.test(line));

const filesIn = (folder: string, recursive: boolean): string[] =>
  readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tf'))
    .sort()
    .map((file) => join(folder, file));
