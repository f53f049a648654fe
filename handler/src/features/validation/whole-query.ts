import { jsonParameter } from './json-parameter.ts';
import type { KeyCheck } from './json-keys.ts';
import { type FormRules, type JudgeForm, judgeForm } from './judge-form.ts';
import type { ParameterSchema, ValueCheck } from './request-schema.ts';

/** What API Gateway accepts of a request's line and headers: 10 KB. */
const longestQuery = 10_240;

type Check = NonNullable<ParameterSchema['check']>;

/** The check of a parameter `in: querystring` that is a form: its fields are those of the query. */
export const formQuery = (rules: FormRules, limit?: ValueCheck['limit']): Check => {
  let judge: JudgeForm | undefined;
  return ({ required, fits, explain }, { query }) => {
    if (query.size === 0) return required ? 'is required' : undefined;
    judge ??= judgeForm(rules, { fits, explain, limit });
    // The names are already checked, with those of all parameters.
    const [violation] = judge({ fields: query, text: '', bytes: longestQuery });
    if (violation === undefined) return undefined;
    const { pointer, detail } = violation;
    return pointer === '' ? detail : `${pointer.slice(1)} ${detail}`;
  };
};

/** The check of a parameter `in: querystring` that is JSON, percent-encoded as a whole. */
export const jsonQuery = (keys: KeyCheck, limit?: ValueCheck['limit']): Check => {
  const check = jsonParameter(keys, false, limit);
  // A text without `&` and `=` is read as a name, which is decoded.
  return (parameter, source) => check(parameter, { ...source, own: [...source.query.keys()] });
};
