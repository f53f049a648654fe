import { createSecretKey, type KeyObject } from 'node:crypto';
import type { WebhookScheme } from './webhook-scheme.ts';

/** GitHub recommends a random text; providers make 24 characters and more. */
const leastChars = 16;

const mostValues = 4;

/**
 * The keys of a secret: one text or, while the sender changes its secret, a JSON list of up to four. Throws a TypeError
 * that describes what is wrong with the secret, without any of its content.
 */
export const parseKeys = (secret: string, keyOf: WebhookScheme['keyOf']): readonly KeyObject[] =>
  valuesIn(secret).map((value) => {
    if (value.length < leastChars)
      throw new TypeError(`A value of the secret has fewer than ${leastChars} characters`);
    return createSecretKey(keyOf(value));
  });

const valuesIn = (secret: string): readonly string[] => {
  const text = secret.trim();
  if (!/^[[{"]/.test(text)) return [text];
  const values = parseJson(text);
  const isList = Array.isArray(values) && values.length > 0 && values.length <= mostValues;
  if (isList && values.every((value) => typeof value === 'string')) return values;
  throw new TypeError(
    `The secret must be one text, or a JSON list of 1 to ${mostValues} texts such as ["new","old"]`,
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The message of JSON.parse quotes its input.
  }
};
