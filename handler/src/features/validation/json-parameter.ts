import { errorsIn } from './errors-in.ts';
import { firstDetail } from './explain-error.ts';
import type { KeyCheck } from './json-keys.ts';
import { percentDecode } from './parse-query.ts';
import type { ParameterSchema, ValueCheck } from './request-schema.ts';

/** The check of a parameter with `content: { application/json: … }`: its text is JSON. */
export const jsonParameter =
  (
    keys: KeyCheck,
    isQuery: boolean,
    limit?: ValueCheck['limit'],
  ): NonNullable<ParameterSchema['check']> =>
  ({ required, fits, explain }, { own: [text, ...more] }) => {
    if (text === undefined) return required ? 'is required' : undefined;
    if (more.length > 0) return 'is sent more than once';
    const decoded = isQuery ? percentDecode(text) : text;
    if (decoded === undefined) return 'is not valid percent-encoding';
    let value: unknown;
    try {
      value = JSON.parse(decoded);
    } catch {
      return 'is not valid JSON';
    }
    const ambiguous = keys(Buffer.from(decoded), value);
    if (ambiguous !== undefined) return ambiguous.detail;
    return firstDetail(errorsIn({ fits, explain, limit }, decoded.length, value));
  };
