import type { Code } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import { type GeneratedChecks, generateChecks } from './generate-checks.ts';
import type { CheckKind } from './schema-keywords.ts';

export interface CompiledSchemas {
  /** A module of the checks that only return whether a value is valid, by name … */
  readonly fits: Code;
  /** … and one of those that collect all errors. */
  readonly explain: Code;
}

/** Generates the functions that check values by the document's schemas, so that nothing is compiled at run time. */
export const compileSchemas = (
  document: object,
  names: ReadonlyMap<string, Path>,
  runtime: string,
): CompiledSchemas => {
  const moduleOf = (kind: CheckKind): Code =>
    emitModule(generateChecks(document, names, kind), runtime);
  return { fits: moduleOf('fits'), explain: moduleOf('explain') };
};

const emitModule = ({ units, functions }: GeneratedChecks, runtime: string): Code => {
  const code = [...units.values()].map((unit) => unit.code);
  return [
    ...importsOf(code, runtime),
    ...code,
    ...[...functions].map(([name, check]) => `export const ${name} = ${check};`),
    '',
  ].join('\n');
};

/** The functions of the gateway that generated checks use, by the exporting module. */
const runtimeFunctions = {
  addError: 'collect-errors.ts',
  addErrors: 'collect-errors.ts',
  closestBranch: 'closest-branch.ts',
  codePointLength: 'code-point-length.ts',
  countStep: 'step-limit.ts',
  equalJson: 'equal-json.ts',
  hasUniqueItems: 'has-unique-items.ts',
  multiplesOf: 'multiples-of.ts',
};

const importsOf = (code: readonly Code[], runtime: string): Code[] => {
  const folder = `${runtime}/features/validation`;
  const uses = (pattern: string): boolean =>
    code.some((each) => new RegExp(pattern, 'm').test(each));
  return [
    ...(uses(String.raw`^const \w+ = formats[.[]`)
      ? [`import * as formats from '${folder}/formats.ts';`]
      : []),
    ...Object.entries(runtimeFunctions)
      .filter(([name]) => uses(String.raw` = ${name}[;(]`))
      .map(([name, file]) => `import { ${name} } from '${folder}/${file}';`),
  ];
};
