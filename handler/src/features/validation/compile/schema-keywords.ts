import {
  _,
  type Ajv2020,
  type Code,
  type CodeKeywordDefinition,
  type KeywordCxt,
  Name,
  str,
  stringify,
} from 'ajv/dist/2020.js';
import { planDiscriminator } from './plan-discriminator.ts';
import { usePattern } from 'ajv/dist/vocabularies/code.js';

/** Marks the schemas that refer back to themselves, whose evaluations are counted. */
export const countedKeyword = 'postern:counted';

/** Whether a check only says if a value is valid, or collects every error. */
export type CheckKind = 'fits' | 'explain';

/** Replaces the keywords of ajv whose cost or arithmetic is not suitable for a gateway. */
export const useKeywords = (ajv: Ajv2020, kind: CheckKind): void => {
  const definitions: CodeKeywordDefinition[] = [
    anyOf(kind),
    oneOf(kind),
    multipleOf,
    uniqueItems,
    pattern,
    readOnly,
  ];
  for (const definition of definitions) {
    ajv.removeKeyword(String(definition.keyword));
    ajv.addKeyword(definition);
  }
  ajv.addKeyword(counted);
};

const runtime = (cxt: KeywordCxt, key: string, code: Code): Name =>
  cxt.gen.scopeValue('func', { key, ref: key, code });

const [vErrors, errors] = [new Name('vErrors'), new Name('errors')];

/** Keeps only the errors of the branch that was intended. */
const keepMeantBranch = (cxt: KeywordCxt, ends: readonly Name[]): void => {
  const { gen, it } = cxt;
  // Errors below `not`, `if` and `contains` are never read.
  if (ends.length === 0 || it.createErrors === false) return;
  const discriminator = planDiscriminator(
    (cxt.parentSchema as Readonly<Record<string, unknown>>)['discriminator'],
    cxt.schema as readonly unknown[],
  );
  const choose =
    discriminator === undefined
      ? runtime(cxt, 'closestBranch', _`closestBranch`)
      : runtime(
          cxt,
          `discriminatedBranch ${JSON.stringify(discriminator)}`,
          _`discriminatedBranch(${stringify(discriminator)})`,
        );
  const list = ends.reduce((code: Code, end) => _`${code}, ${end}`, _`${cxt.errsCount}`);
  const place = str`${new Name('instancePath')}${it.errorPath}`;
  const value = discriminator === undefined ? _`` : _`, ${cxt.data}`;
  gen.assign(vErrors, _`${choose}(${vErrors}, [${list}], ${place}${value})`);
  gen.assign(errors, _`${vErrors}.length`);
};

const anyOf = (kind: CheckKind): CodeKeywordDefinition => ({
  keyword: 'anyOf',
  schemaType: 'array',
  trackErrors: true,
  error: { message: '' },
  code: (cxt) => {
    const { gen, keyword } = cxt;
    const schemas = cxt.schema as readonly unknown[];
    const valid = gen.let('valid', false);
    const isBranchValid = gen.name('_valid');
    const ends = kind === 'fits' ? [] : schemas.map(() => gen.let('end'));
    gen.block(() =>
      schemas.forEach((_schema, index) => {
        const branch = cxt.subschema(
          { keyword, schemaProp: index, compositeRule: true },
          isBranchValid,
        );
        gen.assign(valid, _`${valid} || ${isBranchValid}`);
        noteEnd(cxt, ends[index]);
        if (!cxt.mergeValidEvaluated(branch, isBranchValid)) gen.if(_`!${valid}`);
      }),
    );
    cxt.result(
      valid,
      () => cxt.reset(),
      () => {
        keepMeantBranch(cxt, ends);
        cxt.error(true);
      },
    );
  },
});

const oneOf = (kind: CheckKind): CodeKeywordDefinition => ({
  keyword: 'oneOf',
  schemaType: 'array',
  trackErrors: true,
  error: { message: '' },
  code: (cxt) => {
    const { gen, keyword } = cxt;
    const schemas = cxt.schema as readonly unknown[];
    const valid = gen.let('valid', false);
    const isBranchValid = gen.name('_valid');
    const ends = kind === 'fits' ? [] : schemas.map(() => gen.let('end'));
    // Whether a further branch is valid, too: then no branch is the intended one.
    const many = kind === 'fits' ? undefined : gen.let('many', false);
    gen.block(() =>
      schemas.forEach((_schema, index) => {
        const branch = cxt.subschema(
          { keyword, schemaProp: index, compositeRule: true },
          isBranchValid,
        );
        noteEnd(cxt, ends[index]);
        if (index > 0) {
          gen.if(_`${isBranchValid} && ${valid}`);
          gen.assign(valid, false);
          if (many !== undefined) gen.assign(many, true);
          gen.else();
        }
        gen.if(isBranchValid, () => {
          gen.assign(valid, true);
          cxt.mergeEvaluated(branch, Name);
        });
      }),
    );
    cxt.result(
      valid,
      () => cxt.reset(),
      () => {
        if (many !== undefined) gen.if(_`!${many}`, () => keepMeantBranch(cxt, ends));
        cxt.error(true);
      },
    );
  },
});

const noteEnd = ({ gen }: KeywordCxt, end: Name | undefined): void => {
  if (end !== undefined) gen.assign(end, errors);
};

/** Decimal arithmetic: 19.99 / 0.01 is 1998.9999999999998 in binary. */
const multipleOf: CodeKeywordDefinition = {
  keyword: 'multipleOf',
  type: 'number',
  schemaType: 'number',
  error: { message: '', params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}` },
  code: (cxt) => {
    const divisor = cxt.schema as number;
    if (Number.isInteger(divisor)) return cxt.fail(_`${cxt.data} % ${divisor} !== 0`);
    const isMultiple = runtime(cxt, `multiplesOf ${divisor}`, _`multiplesOf(${divisor})`);
    return cxt.fail(_`!${isMultiple}(${cxt.data})`);
  },
};

/** In linear time; ajv compares each item with every other. */
const uniqueItems: CodeKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: '' },
  code: (cxt) => {
    if (cxt.schema !== true) return;
    cxt.fail(_`!${runtime(cxt, 'hasUniqueItems', _`hasUniqueItems`)}(${cxt.data})`);
  },
};

/** A text longer than its schema allows is not searched: `maxLength` bounds the time of some patterns. */
const pattern: CodeKeywordDefinition = {
  keyword: 'pattern',
  type: 'string',
  schemaType: 'string',
  error: { message: '', params: ({ schemaCode }) => _`{pattern: ${schemaCode}}` },
  code: (cxt) => {
    const fits = _`${usePattern(cxt, cxt.schema as string)}.test(${cxt.data})`;
    const { maxLength } = cxt.parentSchema as { maxLength?: number };
    // If the first error ends the check, the length is already checked.
    if (maxLength === undefined || !cxt.it.allErrors) cxt.fail(_`!${fits}`);
    else cxt.fail(_`${cxt.data}.length <= ${2 * maxLength} && !${fits}`);
  },
};

/** Whether the value is refused depends on the operation, which shares its schemas with others. */
const readOnly: CodeKeywordDefinition = {
  keyword: 'readOnly',
  schemaType: 'boolean',
  error: { message: '' },
  code: (cxt) => {
    if (cxt.schema !== true) return;
    cxt.fail(_`${runtime(cxt, 'deniesReadOnly', _`deniesReadOnly`)}()`);
  },
};

const counted: CodeKeywordDefinition = {
  keyword: countedKeyword,
  schemaType: 'boolean',
  before: '$ref',
  code: (cxt) => {
    cxt.gen.code(_`${runtime(cxt, 'countStep', _`countStep`)}()`);
  },
};
