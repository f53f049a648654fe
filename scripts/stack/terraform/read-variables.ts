import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { nearest, suggestion } from '../../../handler/compiler/nearest.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder, terraformFolder } from '../command-line/folders.ts';
import { type Finished, run } from '../command-line/run.ts';
import type { Environment } from '../environments/environment.ts';
import { type Diagnostic, describeDiagnostic, diagnosticsOf } from './diagnostics.ts';
import { projectVariables } from './project-variables.ts';
import { planArguments } from './terraform.ts';
import { variablesFilesOf } from './variables-file.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * The values that the root's variables have in an environment, as Terraform evaluates them. Throws where its tfvars set a
 * variable or an attribute that the root does not declare (Terraform warns of the first and drops the second), set null
 * where the root has no null, or break a validation. It takes Terraform less than a second: only the files with variables
 * are evaluated, so neither state nor provider is read.
 */
export const readVariables = async (environment: Environment): Promise<Variables> => {
  const { name, settings } = environment;
  if (settings !== undefined) return projectVariables(name, settings);
  const folder = mkdtempSync(join(tmpdir(), 'postern-variables-'));
  try {
    for (const file of readdirSync(terraformFolder).filter((name) =>
      /^variables.*\.tf$/.test(name),
    ))
      copyFileSync(join(terraformFolder, file), join(folder, file));
    return await evaluate(environment, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const evaluate = async (environment: Environment, folder: string): Promise<Variables> => {
  const terraform = (args: readonly string[], input?: string): Promise<Finished> =>
    run('terraform', [`-chdir=${folder}`, ...args], {
      env: {
        ...environment.variables,
        TF_DATA_DIR: join(folder, '.terraform'),
        TF_IN_AUTOMATION: '1',
        CHECKPOINT_DISABLE: '1',
      },
      ...(input !== undefined && { input }),
    });
  const settings = planArguments(environment);
  const { exitCode, stdout, stderr } = await terraform(['plan', '-json', '-out=plan', ...settings]);
  const diagnostics = diagnosticsOf(stdout);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (exitCode !== 0 && errors.length === 0)
    throw new CommandError(`Terraform could not read the variables.\n${stderr.trim()}`);
  const given = errors.length === 0 ? givenIn(await terraform(['show', '-json', 'plan'])) : {};
  const names = Object.keys(given);
  const problems = [
    ...errors.map((error) => describeError(error, environment, folder)),
    ...undeclaredIn(diagnostics).map((name) => undeclared(name, names)),
  ];
  if (problems.length > 0) throw problemsIn(environment, problems);
  const expression = `jsonencode({${names.map((name) => `${name} = var.${name}`).join(', ')}})`;
  const console = await terraform(
    ['console', ...settings.filter((argument) => argument !== '-input=false')],
    `${expression}\n`,
  );
  const values = JSON.parse(JSON.parse(console.stdout) as string) as Variables;
  const misfits = names.flatMap((name) => problemOf(name, given[name], values[name]) ?? []);
  if (misfits.length > 0) throw problemsIn(environment, misfits);
  return values;
};

/** As given, before Terraform converts them to the declared type; otherwise defaults. */
const givenIn = ({ stdout }: Finished): Variables => {
  const { variables = {} } = JSON.parse(stdout) as {
    readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  };
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
};

/** Terraform names two at most in one run, in any order. */
const undeclaredIn = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics
    .flatMap(({ summary, detail = '' }) => {
      const name = /variable named "([^"]+)"/.exec(detail)?.[1];
      return summary === 'Value for undeclared variable' && name !== undefined ? [name] : [];
    })
    .toSorted();

/** Variables of earlier versions, and where their values are now. */
const renamed: Readonly<Record<string, string>> = {
  alarm_email: 'alarm_emails, a list',
  cors: '"cors" in x-postern.defaults of handler/gateway.yaml; origins that differ by environment are in values',
  disable_default_endpoint: 'default_endpoint, with the opposite value',
};

const undeclared = (name: string, declared: readonly string[]): string => {
  if (renamed[name] !== undefined) return `${name} is now ${renamed[name]}.`;
  const near = nearest(name, declared);
  const hint = near === undefined ? '; terraform/README.md lists all' : suggestion(name, declared);
  return `There is no variable "${name}"${hint}`;
};

const problemsIn = ({ variablesFile }: Environment, problems: readonly string[]): CommandError =>
  new CommandError(
    problems
      .map((problem) => `${relative(projectFolder, variablesFile)}: ${problem}`)
      .join('\n')
      .trim(),
  );

/** Terraform's own words, without the place of the rule, which is in a temporary file. */
const describeError = (error: Diagnostic, environment: Environment, folder: string): string => {
  const detail =
    error.detail?.replace(/\s*This was checked by the validation rule at .*/s, '') ?? '';
  const { copy, original } = variablesFilesOf(environment);
  const isInFile = error.range?.filename === (copy ?? original);
  const line = isInFile ? `line ${error.range?.start.line}: ` : '';
  const { severity, summary } = error;
  return line + describeDiagnostic({ severity, summary, detail }, { folder, copy, original });
};

/** What is wrong with a value that Terraform accepts, by the value as given and as converted to the declared type. */
export const problemOf = (name: string, given: unknown, value: unknown): string | undefined => {
  if (given === null && value !== null) {
    return `${name} must not be null: write ${name} = ${asHcl(value)}, which is the default, or another value`;
  }
  const [first] = undeclaredAttributes(given, value, name);
  return first;
};

/** Attributes that the conversion to the declared type has dropped. */
const undeclaredAttributes = (given: unknown, value: unknown, path: string): readonly string[] => {
  if (Array.isArray(given) && Array.isArray(value) && given.length === value.length) {
    return given.flatMap((item, index) =>
      undeclaredAttributes(item, value[index], `${path}[${index}]`),
    );
  }
  if (!isObject(given) || !isObject(value)) return [];
  return Object.entries(given).flatMap(([key, item]) =>
    key in value
      ? undeclaredAttributes(item, value[key], `${path}.${key}`)
      : [`${path} has no "${key}"${suggestion(key, Object.keys(value))}`],
  );
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is null in an object is left out there. */
const asHcl = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item));
