import type { BodyViolation } from '../../http/gateway-error.ts';
import { refuseEncoded, wrongText } from './body-text.ts';
import { whole } from './check-body.ts';
import { errorsIn } from './errors-in.ts';
import { explainError } from './explain-error.ts';
import type { KeyCheck } from './json-keys.ts';
import type { BodyCheck, ValueCheck } from './request-schema.ts';

/**
 * The check of a body that is JSON.
 *
 * @param keys finds keys that a service could read as other keys.
 */
export const jsonBody =
  (check: ValueCheck, keys: KeyCheck): BodyCheck =>
  (body, media) => {
    if (body.length === 0) return [whole('is required')];
    refuseEncoded(media.encoding);
    const problem = wrongText(body, media);
    if (problem !== undefined) return [whole(problem)];
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch (error) {
      return [notJson(error)];
    }
    const ambiguous = keys(body, value);
    if (ambiguous !== undefined) return [ambiguous];
    return errorsIn(check, body.length, value).map(explainError);
  };

const notJson = (error: unknown): BodyViolation => {
  const position = /at position \d+/.exec(String(error))?.[0];
  return whole(position === undefined ? 'is not valid JSON' : `is not valid JSON ${position}`);
};
