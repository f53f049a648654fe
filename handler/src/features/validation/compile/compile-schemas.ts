import { _, Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Path } from '../../../../compiler/problem.ts';
import { formats } from './formats.ts';
import { pointerTo } from '../../../../compiler/references.ts';
import { runtimeFunctions, useKeywords } from './schema-keywords.ts';

export interface CompiledSchemas {
  /** A module of the checks that stop at the first error, by name … */
  readonly fits: string;
  /** … and one of those that report all errors. */
  readonly explain: string;
}

/** Generates the functions that check values by the document's schemas, so that nothing is compiled at run time. */
export const compileSchemas = (
  document: object,
  names: { readonly fits: ReadonlyMap<string, Path>; readonly explain: ReadonlyMap<string, Path> },
  runtime: string,
): CompiledSchemas => ({
  fits: compile(document, names.fits, { allErrors: false, runtime }),
  explain: compile(document, names.explain, { allErrors: true, runtime }),
});

const compile = (
  document: object,
  names: ReadonlyMap<string, Path>,
  { allErrors, runtime }: { readonly allErrors: boolean; readonly runtime: string },
): string => {
  const ajv = new Ajv2020({
    allErrors,
    formats,
    // The contract's own schema already reports every unknown keyword and format with its position.
    strict: false,
    logger: false,
    // Otherwise a property named `constructor` would exist in every object.
    ownProperties: true,
    code: { source: true, esm: true, lines: true, formats: _`formats` },
  });
  useKeywords(ajv);
  ajv.addSchema(document, 'contract');
  const references = Object.fromEntries(
    [...names].map(([name, path]) => [name, `contract${pointerTo(path)}`]),
  );
  return withImports(withoutUnused(standaloneCode(ajv, references)), runtime);
};

/** Keywords whose violations `explainError` describes by their parameters, without ajv's message. */
const explained =
  'additionalProperties|const|enum|false schema|required|type|unevaluatedProperties';

const string = String.raw`"(?:[^"\\]|\\.)*"`;
const messages = new RegExp(
  String.raw`(keyword:"(?:${explained})",params:(?:\{[^{}]*\})),message:${string}(?:\+${string})*(?=\})`,
  'g',
);
const resets =
  /const (evaluated\d+) = \w+\.evaluated;\nif\(\1\.dynamicProps\)\{\n\1\.props = undefined;\n\}\nif\(\1\.dynamicItems\)\{\n\1\.items = undefined;\n\}\n/g;

/** What ajv generates and nothing reads. */
const withoutUnused = (code: string): string => {
  const read = code.replaceAll(/schemaPath:"(?:[^"\\]|\\.)*",/g, '').replaceAll(messages, '$1');
  const stateless = read.replaceAll(resets, '').replaceAll(/^\w+\.evaluated = \{.*\};$/gm, '');
  // Some checks keep what they have evaluated, for `unevaluatedProperties` and `unevaluatedItems` of others.
  return /\bevaluated\d|\.evaluated\b/.test(stateless) ? read : stateless;
};

/** ajv generates `require` even in modules. */
const withImports = (code: string, runtime: string): string => {
  const imports = [
    [/ = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;$/m, codePointLength(runtime)],
    [
      / = require\("ajv\/dist\/runtime\/equal"\)\.default;$/m,
      `import { equalJson } from '${runtime}/features/validation/equal-json.ts';`,
    ],
    [/ = formats[.[]/, `import * as formats from '${runtime}/features/validation/formats.ts';`],
    ...Object.entries(runtimeFunctions).map(
      ([name, file]) =>
        [
          new RegExp(` = ${name}(;|\\()`),
          `import { ${name} } from '${runtime}/features/validation/${file}';`,
        ] as const,
    ),
  ] as const;
  const used = imports.filter(([pattern]) => pattern.test(code)).map(([, statement]) => statement);
  return [...used, code]
    .join('\n')
    .replaceAll(
      / = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;$/gm,
      ' = codePointLength;',
    )
    .replaceAll(/ = require\("ajv\/dist\/runtime\/equal"\)\.default;$/gm, ' = equalJson;');
};

const codePointLength = (runtime: string): string =>
  `import { codePointLength } from '${runtime}/features/validation/code-point-length.ts';`;
