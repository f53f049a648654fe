import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder, terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { parseModule, variableBlocks } from '../../lab/terraform-docs/read-module.ts';
import { type Diagnostic, describeDiagnostic, type Files } from './diagnostics.ts';
import { problemOf } from './judge-variable.ts';
import { locateVariables } from './locate-variables.ts';
import { variablesFilesOf } from './variables-file.ts';
import { emptyPlan, planIn, planOf, undeclaredIn } from './variables-plan.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * The values that the root's variables have in an environment. Throws with file and line where its tfvars set a variable
 * or an attribute that the root does not declare (Terraform warns of the first and drops the second), set null where the
 * root has no null, or break a validation. It takes Terraform less than a second: neither state nor provider is read.
 */
export const readVariables = async (environment: Environment): Promise<Variables> => {
  const source = readdirSync(terraformFolder)
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(join(terraformFolder, file), 'utf8'))
    .join('\n');
  const folder = mkdtempSync(join(tmpdir(), 'postern-variables-'));
  try {
    return await read(environment, source, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const read = async (
  environment: Environment,
  source: string,
  folder: string,
): Promise<Variables> => {
  const declared = parseModule(source).variables.map(({ name }) => name);
  const outputs = declared.map(
    (name) => `output "${name}" {
  value     = var.${name}
  sensitive = true
}`,
  );
  const diagnostics = await planOf(environment, folder, [...variableBlocks(source), ...outputs]);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const { variables, planned_values: planned } =
    errors.length === 0 ? await planIn(environment, folder) : emptyPlan;
  const problems = new Map(
    Object.entries(variables).flatMap(([name, { value }]) => {
      const problem = problemOf(name, value, planned.outputs[name]?.value ?? null);
      return problem === undefined ? [] : [[name, problem] as const];
    }),
  );
  if (errors.length > 0 || problems.size > 0 || undeclaredIn(diagnostics).length > 0) {
    const located = await locateVariables(environment, folder, declared, problems);
    const own = errors.map((error) =>
      describeError(error, { folder, ...variablesFilesOf(environment) }),
    );
    throw new CommandError([...located, ...own].join('\n'));
  }
  return Object.fromEntries(
    Object.entries(planned.outputs).map(([name, { value }]) => [name, value]),
  );
};

/** The rule's own place is in a file of this moment. */
const describeError = (error: Diagnostic, files: Files): string => {
  const detail =
    error.detail?.replace(/\s*This was checked by the validation rule at .*/s, '') ?? '';
  if (error.range?.filename === (files.copy ?? files.original)) {
    return describeDiagnostic({ ...error, detail }, files);
  }
  return `${relative(projectFolder, files.original ?? '')}: ${error.summary}\n${detail}`.trim();
};
