import type { TransportResponse } from '../transport/attempt.ts';

/** A refusal by AWS itself. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** Such as `ThrottlingException`. */
  readonly code: string;
  readonly status: number;
  /** The fields of the response, such as the `Item` of a condition that did not hold. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, fields: Readonly<Record<string, unknown>>) {
    super(`${code} (${status}): ${firstLine(fields['message'] ?? fields['Message'])}`);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** AWS's `InvalidSignatureException` quotes the request, including its session token. */
const firstLine = (message: unknown): string =>
  typeof message === 'string' ? (message.split('\n', 1)[0] ?? '').slice(0, 300) : 'no message';

/**
 * The JSON object of the response. Throws AwsError if AWS refuses the call, SyntaxError if the body is not a JSON
 * object.
 */
export const readResponse = (response: TransportResponse): Readonly<Record<string, unknown>> => {
  const { statusCode: status } = response;
  const body = response.body.toString('utf8');
  if (status === 200) return parseObject(body);
  const fields = parseObjectOrNothing(body);
  const type = fields['__type'] ?? fields['code'] ?? headerOf(response, 'x-amzn-errortype');
  throw new AwsError(status, typeof type === 'string' ? shortName(type) : `HTTP_${status}`, fields);
};

/** The value of a header; undefined where there is none. */
export const headerOf = ({ rawHeaders }: TransportResponse, name: string): string | undefined => {
  const isName = (text: string, index: number): boolean =>
    index % 2 === 0 && text.toLowerCase() === name;
  return rawHeaders.find((_, index) => index > 0 && isName(rawHeaders[index - 1] ?? '', index - 1));
};

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException`, or `ThrottlingException:http://…` in the header. */
const shortName = (type: string): string => /(?:^|#)(\w+)(?::|$)/.exec(type)?.[1] ?? 'Unknown';

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError('The response is not a JSON object');
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

/** Whether the same call may succeed when repeated: throttling, a failure of AWS, or of the connection. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof AwsError) || error.status >= 500 || throttling.has(error.code);

const ofTheClock = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
]);

/** Whether AWS may have refused the call because of its signing time. */
export const mayBeClockSkew = (error: unknown): boolean =>
  error instanceof AwsError && ofTheClock.has(error.code);
