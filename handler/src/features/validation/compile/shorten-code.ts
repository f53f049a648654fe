import type { Code } from '../../../../compiler/contract-part.ts';

/**
 * ajv writes one statement a line. What it writes of errors is replaced line by line, so no text within a schema can be
 * taken for code.
 */
const line = (pattern: string): RegExp => new RegExp(`^${pattern}\\n`, 'gm');

const addedError = line(
  String.raw`const (err\d+) = (.*);\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;`,
);
const onlyError = line(String.raw`validate\d+\.errors = \[\{.*\}\];`);
const errorsOfOther = line(
  String.raw`vErrors = vErrors === null \? (.*)\.errors : vErrors\.concat\(\1\.errors\);\nerrors = vErrors\.length;`,
);
const droppedErrors = line(
  String.raw`if\(vErrors !== null\)\{\nif\((\w+)\)\{\nvErrors\.length = \1;\n\}\nelse \{\nvErrors = null;\n\}\n\}`,
);
const noErrorsYet = line('let vErrors = null;');
const ownErrors = line(String.raw`validate\d+\.errors = vErrors;`);

/** Parameters that only other applications of ajv use. */
const parameters = '{instancePath="", parentData, parentDataProperty, rootData=data}={}';
const expression = String.raw`(?:[^"\n]|"(?:[^"\\\n]|\\.)*")*?`;
const callArguments = new RegExp(
  String.raw`, \{instancePath(?::(${expression}))?,parentData(?::${expression})?,parentDataProperty(?::${expression})?,rootData\}\)`,
  'g',
);

const texts = /"(?:[^"\\\n]|\\.)*"/g;

/** ajv writes long parameters of an error on several lines. */
const onOneLine = (code: Code): Code => code.replaceAll(/\n {4}/g, ' ');

/** A check that only returns whether a value is valid: without errors, it needs no path either. */
export const withoutErrors = (code: Code): Code => {
  const short = onOneLine(code)
    .replaceAll(addedError, 'errors++;\n')
    .replaceAll(onlyError, '')
    .replaceAll(errorsOfOther, 'errors++;\n')
    .replaceAll(droppedErrors, '')
    .replaceAll(noErrorsYet, '')
    .replaceAll(ownErrors, '');
  const plain = short.replace(`, ${parameters}`, '').replaceAll(callArguments, ')');
  // A form of ajv's that is not known here would fail only when a request meets it.
  const left = /\b(?:vErrors|instancePath)\b/.exec(plain.replaceAll(texts, '""'));
  if (left !== null)
    throw new TypeError(`"${left[0]}" is left in a check without errors: ${plain}`);
  return plain;
};

/** A check that collects errors: `addError` and `addErrors` of the gateway add them. */
export const withErrors = (code: Code): Code => {
  const short = onOneLine(code)
    .replaceAll(/schemaPath:"(?:[^"\\]|\\.)*",/g, '')
    // Errors below `not`, `if` and `contains` are never read.
    .replaceAll(addedError, (_, _name, error: string) =>
      error === '{}' ? 'errors++;\n' : `vErrors = addError(vErrors, ${error});\nerrors++;\n`,
    )
    .replaceAll(
      errorsOfOther,
      'vErrors = addErrors(vErrors, $1.errors);\nerrors += $1.errors.length;\n',
    );
  return short
    .replace(parameters, 'instancePath=""')
    .replaceAll(callArguments, (_, path: string | undefined) => `, ${path ?? 'instancePath'})`);
};
