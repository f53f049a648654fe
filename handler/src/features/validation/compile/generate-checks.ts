import { _, Ajv2020 } from 'ajv/dist/2020.js';
import type { SourceCode } from 'ajv/dist/types/index.js';
import type { Code } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import { pointerTo } from '../../../../compiler/references.ts';
import { formats } from './formats.ts';
import { readPattern } from './read-pattern.ts';
import { type CheckKind, useKeywords } from './schema-keywords.ts';
import { useUnevaluatedKeywords } from './unevaluated-keywords.ts';
import { withErrors, withoutErrors } from './shorten-code.ts';

/** A generated function or constant, with the names of the others that it uses. */
export interface Unit {
  readonly code: Code;
  readonly uses: readonly string[];
}

export interface GeneratedChecks {
  readonly units: ReadonlyMap<string, Unit>;
  /** The function of each schema, by the schema's name. */
  readonly functions: ReadonlyMap<string, string>;
}

interface Options {
  readonly kind: CheckKind;
  /** Patterns that are matched by RE2. */
  readonly slowPatterns?: ReadonlySet<string>;
  /** Whether any operation accepts values without the `format` of their schema. */
  readonly mayAllowInvalidFormat?: boolean;
}

/**
 * Generates the functions that check values by the document's schemas. A schema that several others refer to is one
 * function. `fits` returns whether a value is valid, `explain` also collects every error.
 */
export const generateChecks = (
  document: object,
  names: ReadonlyMap<string, Path>,
  { kind, slowPatterns = new Set(), mayAllowInvalidFormat = false }: Options,
): GeneratedChecks => {
  const ajv = new Ajv2020({
    allErrors: kind === 'explain',
    formats,
    // The compiler reports unknown keywords and formats with their positions, and checks the document by its own schema.
    strict: false,
    validateSchema: false,
    meta: false,
    logger: false,
    messages: false,
    // Otherwise a property named `constructor` would exist in every object.
    ownProperties: true,
    code: { source: true, esm: true, lines: true, formats: _`formats`, regExp, process: notRun },
  });
  // What ajv generates for these keywords slows all other checks down.
  ajv.opts.unevaluated = hasUnevaluated(document);
  // `resolveSchemas` has replaced it.
  ajv.opts.dynamicRef = false;
  useKeywords(ajv, kind);
  if (ajv.opts.unevaluated) useUnevaluatedKeywords(ajv);
  ajv.addSchema(document, 'contract');

  const shorten = kind === 'fits' ? withoutErrors : withErrors;
  const units = new Map<string, Unit>();
  const add = (source: SourceCode): string => {
    const name = String(source.validateName);
    if (units.has(name)) return name;
    const uses: string[] = [];
    const code = shorten(functionOf(source));
    units.set(name, { code, uses });
    const mentioned = new Set(code.match(/\b[a-z]+\d+\b/g));
    for (const values of Object.values(source.scopeValues)) {
      for (const value of values ?? []) {
        if (mentioned.has(String(value))) uses.push(addValue(value));
      }
    }
    return name;
  };
  const addValue = (value: ScopeValue): string => {
    const name = String(value);
    const ref = value.value?.ref as
      | { readonly source?: SourceCode; readonly validate?: { readonly source?: SourceCode } }
      | undefined;
    if (value.prefix === 'validate' && ref?.source !== undefined) return add(ref.source);
    if (units.has(name)) return name;
    const uses: string[] = [];
    if (value.prefix === 'root' || value.prefix === 'wrapper') {
      const source = ref?.validate?.source;
      if (source === undefined) throw new TypeError(`${name} has no function`);
      units.set(name, {
        code: `const ${name} = {validate: ${String(source.validateName)}};`,
        uses,
      });
      uses.push(add(source));
      return name;
    }
    const constant = runtimeCode(String(value.value?.code), slowPatterns);
    const isOptional = mayAllowInvalidFormat && value.prefix === 'formats';
    const code = isOptional ? `unlessAllowed(${constant})` : constant;
    units.set(name, { code: `const ${name} = ${code};`, uses });
    return name;
  };
  const functions = new Map(
    [...names].map(([name, path]) => {
      const source = ajv.getSchema(`contract${pointerTo(path)}`)?.source;
      if (source === undefined) throw new TypeError(`no schema at ${pointerTo(path)}`);
      return [name, add(source)];
    }),
  );
  return { units, functions };
};

type ScopeValue = SourceCode['scopeValues'][string] extends Set<infer V> | undefined ? V : never;

const functionOf = ({ validateName, validateCode, evaluated }: SourceCode): Code =>
  evaluated === undefined
    ? validateCode
    : `${validateCode}\n${String(validateName)}.evaluated = ${String(evaluated)};`;

/** Only the source of the functions is needed: to compile them here as well takes a tenth of the time. */
const notRun = (): string => 'return () => false;';

/** Stands for an expression while ajv generates: which engine matches it is decided afterwards. */
const regExp = Object.assign(
  (pattern: string) => ({ test: () => false, toString: () => pattern }),
  { code: 'new RegExp' },
);

/** The gateway's own functions instead of those of ajv. */
const runtimeCode = (code: Code, slowPatterns: ReadonlySet<string>): Code => {
  switch (code) {
    case 'require("ajv/dist/runtime/ucs2length").default':
      return 'codePointLength';
    case 'require("ajv/dist/runtime/equal").default':
      return 'equalJson';
    default: {
      const [, text] = /^new RegExp\((".*"), "u"\)$/.exec(code) ?? [];
      if (text === undefined) return code;
      const pattern = JSON.parse(text) as string;
      if (slowPatterns.has(pattern)) return `linearPattern(${text})`;
      const read = readPattern(pattern);
      return read instanceof RegExp && read.flags === '' ? `new RegExp(${text})` : code;
    }
  }
};

/** Whether any schema uses the keywords that need a record of what other schemas have evaluated. */
const hasUnevaluated = (document: object): boolean => {
  const open: unknown[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if ('unevaluatedProperties' in next || 'unevaluatedItems' in next) return true;
    for (const child of Object.values(next) as unknown[]) {
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
  return false;
};
