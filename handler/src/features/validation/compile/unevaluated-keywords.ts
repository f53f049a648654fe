import { alwaysValidSchema, Type } from 'ajv/dist/compile/util.js';
import {
  _,
  type Ajv2020,
  type CodeKeywordDefinition,
  type KeywordCxt,
  Name,
} from 'ajv/dist/2020.js';

/**
 * Replaces keywords of ajv that note wrongly which items or properties they have evaluated. Only for schemas with
 * `unevaluatedItems` or `unevaluatedProperties`.
 */
export const useUnevaluatedKeywords = (ajv: Ajv2020): void => {
  const contains = containsOf(ajv.getKeyword('contains') as CodeKeywordDefinition);
  for (const definition of [ifThenElse, contains, unevaluatedItems]) {
    ajv.removeKeyword(String(definition.keyword));
    ajv.addKeyword(definition);
  }
};

/** What `if` evaluates counts only if the value fits it, and also without `then` and `else`. */
const ifThenElse: CodeKeywordDefinition = {
  keyword: 'if',
  schemaType: ['object', 'boolean'],
  trackErrors: true,
  error: { message: '' },
  code: (cxt) => {
    const { gen } = cxt;
    const valid = gen.let('valid', true);
    const isBranchValid = gen.name('_valid');
    const condition = cxt.subschema(
      { keyword: 'if', compositeRule: true, createErrors: false, allErrors: false },
      isBranchValid,
    );
    cxt.reset();
    const applied = (keyword: 'then' | 'else') => (): void => {
      if (keyword === 'then') cxt.mergeEvaluated(condition, Name);
      if ((cxt.parentSchema as Readonly<Record<string, unknown>>)[keyword] === undefined) return;
      const branch = cxt.subschema({ keyword }, isBranchValid);
      gen.assign(valid, isBranchValid);
      cxt.mergeValidEvaluated(branch, valid);
    };
    gen.if(isBranchValid, applied('then'), applied('else'));
    cxt.pass(valid, () => {
      cxt.error(true);
    });
  },
};

/** It evaluates only the items that it accepts, for which `requestView` allows in `unevaluatedItems`. */
const containsOf = (ofAjv: CodeKeywordDefinition): CodeKeywordDefinition => ({
  ...ofAjv,
  code: (cxt) => {
    const { it } = cxt;
    const before = it.items;
    ofAjv.code(cxt);
    if (before === undefined) delete it.items;
    else it.items = before;
  },
});

/** Whether all items were evaluated may be known only when the check runs: the count is then `true`. */
const unevaluatedItems: CodeKeywordDefinition = {
  keyword: 'unevaluatedItems',
  type: 'array',
  schemaType: ['boolean', 'object'],
  error: { message: '', params: ({ params }) => _`{limit: ${params['limit']}}` },
  code: (cxt) => {
    const { gen, data, it } = cxt;
    const { items = 0 } = it;
    if (items === true) return;
    const length = gen.const('len', _`${data}.length`);
    const count = gen.const(
      'count',
      items instanceof Name ? _`${items} === true ? ${length} : ${items} || 0` : _`${items}`,
    );
    checkItems(cxt, count, length);
    it.items = true;
  },
};

const checkItems = (cxt: KeywordCxt, count: Name, length: Name): void => {
  const { gen, it } = cxt;
  if (cxt.schema === false) {
    cxt.setParams({ limit: count });
    cxt.fail(_`${length} > ${count}`);
  } else if (!alwaysValidSchema(it, cxt.schema as object)) {
    const valid = gen.var('valid', true);
    gen.forRange('i', count, length, (index) => {
      cxt.subschema(
        { keyword: 'unevaluatedItems', dataProp: index, dataPropType: Type.Num },
        valid,
      );
      if (it.allErrors !== true) gen.if(_`!${valid}`, () => gen.break());
    });
    cxt.ok(valid);
  }
};
