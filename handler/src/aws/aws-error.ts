import type { Answer } from './post.ts';

/** A refusal by AWS itself, named in its own words. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** Such as `ThrottlingException`. */
  readonly code: string;
  readonly status: number;
  /** The answer's fields, such as the `Item` of a condition that did not hold. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, fields: Readonly<Record<string, unknown>>) {
    super(`${code} (${status}): ${firstLine(fields['message'] ?? fields['Message'])}`);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** AWS's `InvalidSignatureException` goes on to quote the request, its session token included. */
const firstLine = (message: unknown): string =>
  typeof message === 'string' ? (message.split('\n', 1)[0] ?? '').slice(0, 300) : 'no message';

/** The answer's JSON object. Throws AwsError where AWS refuses, SyntaxError where the answer makes no sense. */
export const readAnswer = ({
  status,
  headers,
  body,
}: Answer): Readonly<Record<string, unknown>> => {
  if (status === 200) return parseObject(body);
  const fields = parseObjectOrNothing(body);
  const type = fields['__type'] ?? fields['code'] ?? headers()['x-amzn-errortype'];
  throw new AwsError(status, typeof type === 'string' ? shortName(type) : `HTTP_${status}`, fields);
};

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException`, or `ThrottlingException:http://…` in the header. */
const shortName = (type: string): string => /(?:^|#)(\w+)(?::|$)/.exec(type)?.[1] ?? 'Unknown';

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError('The answer is not a JSON object');
  }
  return parsed as Readonly<Record<string, unknown>>;
};

const parseObjectOrNothing = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return parseObject(text);
  } catch {
    return {}; // A load balancer's own 503 has no JSON; its status says enough.
  }
};

const throttling = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
]);

/** Whether the same call may succeed when repeated: throttling, a fault of AWS's own, or of the way there. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof AwsError) || error.status >= 500 || throttling.has(error.code);

const ofTheClock = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
]);

/** Whether AWS may have refused the call for the time it was signed at. */
export const mayBeClockSkew = (error: unknown): boolean =>
  error instanceof AwsError && ofTheClock.has(error.code);
