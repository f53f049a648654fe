import { terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { type Diagnostic, placeOf } from './diagnostics.ts';
import { undeclaredVariable } from './judge-variable.ts';
import { variablesFilesOf } from './variables-file.ts';
import { planOf, undeclaredIn } from './variables-plan.ts';

/**
 * Each problem, and each variable that is not declared, with the line where it is set. Terraform gives the line of a value
 * that breaks a validation: here each value in question breaks one.
 */
export const locateVariables = async (
  environment: Environment,
  folder: string,
  declared: readonly string[],
  problems: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  const wanted = new Map(problems);
  for (;;) {
    const others = declared.filter((name) => !wanted.has(name)).map(anyVariable);
    const broken = [...wanted.keys()].map(brokenVariable);
    const diagnostics = await planOf(environment, folder, [...others, ...broken]);
    const more = undeclaredIn(diagnostics).filter((name) => !wanted.has(name));
    if (more.length === 0) return describeAll(diagnostics, wanted, environment);
    for (const name of more) wanted.set(name, undeclaredVariable(name, declared));
  }
};

const anyVariable = (name: string): string => `variable "${name}" {
  default = null
}`;

const brokenVariable = (name: string): string => `variable "${name}" {
  default = null

  validation {
    condition     = jsonencode(var.${name}) == ""
    error_message = "${name}"
  }
}`;

const describeAll = (
  diagnostics: readonly Diagnostic[],
  problems: ReadonlyMap<string, string>,
  environment: Environment,
): readonly string[] => {
  const files = { folder: terraformFolder, ...variablesFilesOf(environment) };
  const lineOf = ({ range }: Diagnostic): number => range?.start.line ?? 0;
  return diagnostics
    .toSorted((a, b) => lineOf(a) - lineOf(b))
    .flatMap((diagnostic) => {
      const [name = ''] = (diagnostic.detail ?? '').split('\n');
      const problem = problems.get(name);
      return problem === undefined ? [] : [`${placeOf(diagnostic, files)}: ${problem}`];
    });
};
