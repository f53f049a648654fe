import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

interface Parts {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
  readonly body?: string | Buffer;
  readonly clientIp?: string;
  readonly stage?: string;
  readonly domainName?: string;
}

/** An HTTP API event of payload format 2.0, as AWS sends it, with the stage in `rawPath`. */
export const httpApiEvent = (
  method: string,
  path: string,
  { query = '', headers = {}, cookies, body, clientIp = '198.51.100.7', ...api }: Parts = {},
): APIGatewayProxyEventV2 => {
  const { stage = 'v1', domainName = 'abc123.execute-api.us-east-1.amazonaws.com' } = api;
  const rawPath = stage === '$default' ? path : `/${stage}${path}`;
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    headers: { host: domainName, ...headers },
    ...(cookies && { cookies }),
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : body.toString('base64'),
    }),
    isBase64Encoded: Buffer.isBuffer(body),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: clientIp, userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage,
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
  };
};

/** A Lambda context with this much time left. */
export const lambdaContext = (remainingMs = 29_000): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'gateway',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:gateway:live',
  memoryLimitInMB: '512',
  awsRequestId: 'invocation-1',
  logGroupName: '/aws/lambda/gateway',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => remainingMs,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
