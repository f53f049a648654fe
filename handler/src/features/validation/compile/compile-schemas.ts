import { literal } from '../../../../compiler/code.ts';
import type { Code, EmitTools } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import { runtimeModule } from '../../../../compiler/runtime-module.ts';
import { type GeneratedChecks, generateChecks, type Unit } from './generate-checks.ts';
import type { CheckKind } from './schema-keywords.ts';
import { type Chunk, splitChecks } from './split-checks.ts';

export interface CompiledSchemas {
  /** By file name. */
  readonly modules: Readonly<Record<string, Code>>;
  /** Whether they are loaded when they are first needed. */
  readonly isSplit: boolean;
  /** The check of a schema: `fits` only returns whether a value is valid, `explain` also collects its errors. */
  readonly check: (kind: CheckKind, name: string, tools: Pick<EmitTools, 'useAll'>) => Code;
}

interface Options {
  /** Names of schemas that are used together, such as those of one route. */
  readonly groups: ReadonlyArray<readonly string[]>;
  /** The folder of the handler's sources, as seen from the generated modules. */
  readonly runtime: string;
  /** Patterns that are matched by RE2. */
  readonly slowPatterns?: ReadonlySet<string>;
  /** Whether any operation accepts values without the `format` of their schema. */
  readonly mayAllowInvalidFormat?: boolean;
  /** More code than this is split into files that are loaded when they are first needed. */
  readonly largest?: number;
}

const kinds = ['fits', 'explain'] as const;

/** Parsing so much code at the start takes less time than loading a second file would. */
const largestEager = 300_000;

/** Generates the functions that check values by the document's schemas, so that nothing is compiled at run time. */
export const compileSchemas = (
  document: object,
  names: ReadonlyMap<string, Path>,
  { groups, runtime, largest = largestEager, ...options }: Options,
): CompiledSchemas => {
  const generated = kinds.map((kind) => ({
    kind,
    ...generateChecks(document, names, { kind, ...options }),
  }));
  const size = generated.flatMap(({ units }) => [...units.values()]).reduce(addLength, 0);
  if (size > largest) return splitModules(generated, groups, runtime);
  return {
    modules: Object.fromEntries(
      generated.map((checks) => [`${checks.kind}.js`, wholeModule(checks, runtime)]),
    ),
    isSplit: false,
    check: (kind, name, { useAll }) => `${useAll(kind, `${kind}.js`)}.${name}`,
  };
};

const addLength = (sum: number, { code }: Unit): number => sum + code.length;

const wholeModule = ({ units, functions }: GeneratedChecks, runtime: string): Code => {
  const code = [...units.values()].map((unit) => unit.code);
  return [
    ...importsOf(usedBy(code), runtime),
    ...code,
    ...[...functions].map(([name, check]) => `export const ${name} = ${check};`),
    '',
  ].join('\n');
};

/** One CommonJS file for each part, which is not bundled, and a module with what all of them need. */
const splitModules = (
  generated: ReadonlyArray<GeneratedChecks & { readonly kind: CheckKind }>,
  groups: Options['groups'],
  runtime: string,
): CompiledSchemas => {
  const files = new Map<string, Code>();
  const places = new Map<string, string>();
  for (const { kind, ...checks } of generated) {
    const fileOf = (chunk: number): string => `${kind}-${chunk}.cjs`;
    splitChecks(checks, groups).forEach((chunk, index) => {
      files.set(fileOf(index), chunkFile(chunk, fileOf));
      for (const [name] of chunk.names) places.set(`${kind} ${name}`, fileOf(index));
    });
  }
  const { functions, formats } = usedBy([...files.values()]);
  const given = [
    ...functions,
    ...(formats.length === 0
      ? []
      : [
          `formats: {${formats.map((format) => `${literal(format)}: formats[${literal(format)}]`).join()}}`,
        ]),
  ];
  const checks = [
    `import { lazyChecks } from '${validationModule(runtime, 'lazy-checks.ts')}';`,
    ...importsOf({ functions, formats }, runtime),
    `export const find = lazyChecks(import.meta.dirname, {${given.join()}});`,
    '',
  ].join('\n');
  return {
    modules: { 'checks.js': checks, ...Object.fromEntries(files) },
    isSplit: true,
    check: (kind, name, { useAll }) =>
      `${useAll('checks', 'checks.js')}.find(${literal(places.get(`${kind} ${name}`))}, ${literal(name)})`,
  };
};

const chunkFile = (
  { units, names, imports, exports }: Chunk,
  fileOf: (chunk: number) => string,
): Code => {
  const { functions, formats } = usedBy(units);
  const given = [...functions, ...(formats.length === 0 ? [] : ['formats'])];
  return [
    `module.exports = ({${given.join()}}, load) => {`,
    ...[...imports].map(([chunk, from]) => `const {${from.join()}} = load("${fileOf(chunk)}");`),
    ...units,
    `return {${[...exports, ...[...names].map(([name, check]) => `${name}: ${check}`)].join()}};`,
    '};',
    '',
  ].join('\n');
};

/** The functions of the gateway that generated checks use, by the exporting module. */
const runtimeFunctions: Readonly<Record<string, string>> = {
  addError: 'collect-errors.ts',
  addErrors: 'collect-errors.ts',
  closestBranch: 'closest-branch.ts',
  codePointLength: 'code-point-length.ts',
  countStep: 'step-limit.ts',
  discriminatedBranch: 'discriminated-branch.ts',
  deniesReadOnly: 'read-only.ts',
  equalJson: 'equal-json.ts',
  hasUniqueItems: 'has-unique-items.ts',
  linearPattern: 'linear-pattern.ts',
  multiplesOf: 'multiples-of.ts',
  unlessAllowed: 'invalid-format.ts',
};

interface Used {
  readonly functions: readonly string[];
  readonly formats: readonly string[];
}

const usedBy = (code: readonly Code[]): Used => ({
  functions: Object.keys(runtimeFunctions).filter((name) =>
    code.some((each) => new RegExp(` = ${name}[;(]`).test(each)),
  ),
  formats: [
    ...new Set(
      code.flatMap((each) =>
        [
          ...each.matchAll(/^const \w+ = (?:unlessAllowed\()?formats(?:\.(\w+)|\["([^"]+)"\])/gm),
        ].map(([, name, quoted]) => name ?? quoted ?? ''),
      ),
    ),
  ],
});

const importsOf = ({ functions, formats }: Used, runtime: string): Code[] => [
  ...(formats.length === 0
    ? []
    : [`import * as formats from '${validationModule(runtime, 'formats.ts')}';`]),
  ...functions.map(
    (name) =>
      `import { ${name} } from '${validationModule(runtime, runtimeFunctions[name] ?? '')}';`,
  ),
];

const validationModule = (runtime: string, file: string): string =>
  runtimeModule(runtime, `features/validation/${file}`);
