import { isUtf8 } from 'node:buffer';
import {
  type ExpressionSources,
  jsonOf,
  type JsonTemplate,
  textOf,
  type TextTemplate,
  unchanged,
} from '../http/expression.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Attempt, TransportResponse } from '../transport/attempt.ts';
import { awsErrorOf, isThrottled } from './forward-to-aws.ts';

/** What the contract says of the messages of an upstream. */
export interface MessagePolicy {
  /** Undefined: the body of the request. */
  readonly body: JsonTemplate | undefined;
  readonly attributes: Readonly<Record<string, TextTemplate>>;
  readonly group: TextTemplate | undefined;
  readonly deduplicationId: TextTemplate | undefined;
}

/** The text of a message: that of the template, or the body as it is. 400 if it is empty or no text. */
export const messageOf = (
  template: JsonTemplate | undefined,
  sources: ExpressionSources,
): string => {
  if (template !== undefined) return JSON.stringify(jsonOf(template, sources) ?? null);
  const { body } = sources.request;
  const text = body !== undefined && isUtf8(body) ? body.toString('utf8') : '';
  if (text === '' || notInXml.test(text))
    throw new GatewayError('BAD_REQUEST', { detail: 'Send a body that is text.' });
  return text;
};

/** As it is, once it is known to be JSON. */
export const jsonText = (text: string): string => {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new GatewayError('BAD_REQUEST', { detail: 'Send a body that is JSON.' });
  }
};

/** What SQS and SNS refuse: https://www.w3.org/TR/REC-xml/#charsets */
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The attributes that have a value. */
export const attributesOf = (
  templates: Readonly<Record<string, TextTemplate>>,
  sources: ExpressionSources,
): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(templates).flatMap(([name, template]) => {
    const value = textOf(template, sources, unchanged);
    return value === undefined || value === '' || notInXml.test(value)
      ? []
      : [[name, value] as const];
  });

/** The id of a group or of a message, for which the request must have a value. Undefined: the contract has none. */
export const idOf = (
  what: string,
  template: TextTemplate | undefined,
  sources: ExpressionSources,
): string | undefined => {
  if (template === undefined) return undefined;
  const id = textOf(template, sources, unchanged);
  if (id !== undefined && validId.test(id)) return id;
  throw new GatewayError('BAD_REQUEST', {
    detail: `The request has no valid ${what}: 1 to 128 letters, digits or punctuation marks.`,
  });
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const validId = /^[!-~]{1,128}$/;

/** SQS and SNS count names, types and values. */
export const attributeBytes = (
  attributes: ReadonlyArray<readonly [name: string, value: string]>,
): number =>
  attributes.reduce(
    (sum, [name, value]) => sum + name.length + 'String'.length + Buffer.byteLength(value),
    0,
  );

/** 202 with the id by which AWS knows it. No 202 without one: only then it is stored. */
export const accepted = (id: unknown): GatewayResponse => {
  if (typeof id !== 'string' || id === '')
    throw new GatewayError('UPSTREAM_BAD_RESPONSE', {
      detail: 'It is not known whether the upstream accepted the request.',
    });
  return {
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  };
};

/** The fields of a JSON response; none if it is no JSON object. */
export const fieldsOf = ({ body }: TransportResponse): Readonly<Record<string, unknown>> => {
  try {
    const fields: unknown = JSON.parse(body.toString('utf8'));
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * Whether a message may be sent again. It was certainly not stored if no connection was made, or the service throttled.
 * Where that is not known, only if a second one is recognized.
 */
export const mayResend =
  (isDeduplicated: boolean) =>
  (outcome: Attempt): boolean => {
    if (outcome.kind === 'failed')
      return (
        outcome.reason === 'unreachable' || (isDeduplicated && outcome.reason === 'no-response')
      );
    if (outcome.statusCode < 300) return false;
    const error = awsErrorOf(outcome);
    return isThrottled(error) || (isDeduplicated && error.status >= 500);
  };
