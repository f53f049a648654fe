import { refuseEncoded, wrongText } from './body-text.ts';
import { whole } from './check-body.ts';
import { type FormRules, judgeForm } from './judge-form.ts';
import { parseQuery, percentDecode } from './parse-query.ts';
import type { BodyCheck, ValueCheck } from './request-schema.ts';

/** The check of a body as `application/x-www-form-urlencoded`. */
export const formBody = (rules: FormRules, check: ValueCheck): BodyCheck => {
  const judge = judgeForm(rules, check);
  return (body, media) => {
    refuseEncoded(media.encoding);
    const problem = wrongText(body, media);
    if (problem !== undefined) return [whole(problem)];
    const text = body.toString('utf8');
    if (text.includes('%') && text.split('&').some(hasWrongName)) {
      return [whole('has a name that is not valid percent-encoding')];
    }
    return judge({ fields: parseQuery(text), text, bytes: body.length });
  };
};

const hasWrongName = (pair: string): boolean =>
  percentDecode(pair.split('=', 1).join()) === undefined;
