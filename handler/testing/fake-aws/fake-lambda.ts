import type { ServerResponse } from 'node:http';
import { respondWith } from './behaviors.ts';
import type { AwsRequest, FakeFunction } from './fake-aws.ts';

const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export const isInvocation = ({ path = '' }: AwsRequest): boolean => invocation.test(path);

/** Calls a function as Lambda does: an error of the function is a 200 with `X-Amz-Function-Error`. */
export const invoke = (
  functions: ReadonlyMap<string, FakeFunction>,
  { path = '', headers, body }: AwsRequest,
  response: ServerResponse,
): void => {
  const arn = decodeURIComponent(invocation.exec(path)?.[1] ?? '');
  const call = functions.get(arn);
  if (call === undefined)
    return respondWith(
      404,
      { Type: 'User', Message: `Function not found: ${arn}` },
      { 'x-amzn-errortype': 'ResourceNotFoundException' },
    )(response);
  if (headers['x-amz-invocation-type'] === 'Event') {
    call(JSON.parse(body));
    return void response.writeHead(202, { 'content-length': '0' }).end();
  }
  try {
    const result = call(JSON.parse(body)) ?? null;
    respondWith(200, JSON.stringify(result))(response);
  } catch (error) {
    const { name, message } = error as Error;
    const failure = { errorType: name, errorMessage: message, trace: [] };
    respondWith(200, failure, { 'x-amz-function-error': 'Unhandled' })(response);
  }
};
