import { randomUUID } from 'node:crypto';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** One request as a check makes it. */
export interface CheckRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The result of a version. API Gateway would convert a crash to an empty 500. */
export type VersionResponse =
  | {
      readonly kind: 'response';
      /** From the call to its response. */
      readonly ms: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly cookies: readonly string[];
      readonly body: string;
    }
  | { readonly kind: 'crash'; readonly message: string };

export type InvokeVersion = (version: string, request: CheckRequest) => Promise<VersionResponse>;

interface Called {
  readonly functionName: string;
  /** An unassigned address: its allowance is unused, and no client is affected. */
  readonly clientIp: () => string;
  /** The header with the trusted proxy's secret, if the version accepts only requests from it. */
  readonly proxySecret?: ProxySecret | undefined;
}

export interface ProxySecret {
  readonly headerName: string;
  readonly value: string;
}

/** Calls a version by its number, as API Gateway would through the alias: no client request reaches it by this. */
export const invokeVersion =
  (
    lambda: Pick<LambdaClient, 'send'>,
    { functionName, clientIp, proxySecret }: Called,
  ): InvokeVersion =>
  async (version, { method, path, headers = {} }) => {
    const ip = clientIp();
    const fromProxy = proxySecret && {
      [proxySecret.headerName]: proxySecret.value,
      'cloudfront-viewer-address': `${ip}:443`,
    };
    const event = eventOf(method, path, { ...headers, ...fromProxy }, ip);
    const startedAt = performance.now();
    const { FunctionError: functionError, Payload: payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        Qualifier: version,
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    const ms = performance.now() - startedAt;
    const text = Buffer.from(payload ?? []).toString('utf8');
    return functionError === undefined ? responseFrom(text, ms) : { kind: 'crash', message: text };
  };

/** As API Gateway sends it, on the API's own host, under which the stage is the first part of the path. */
const eventOf = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  sourceIp: string,
): APIGatewayProxyEventV2 => {
  const domainPrefix = 'release-check';
  const domainName = `${domainPrefix}.execute-api.us-east-1.amazonaws.com`;
  const stage = 'v1';
  const rawPath = `/${stage}${path}`;
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { host: domainName, ...headers },
    isBase64Encoded: false,
    requestContext: {
      accountId: 'anonymous',
      apiId: domainPrefix,
      domainName,
      domainPrefix,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: domainPrefix },
      requestId: randomUUID(),
      routeKey: '$default',
      stage,
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
  };
};

const responseFrom = (text: string, ms: number): VersionResponse => {
  const result = JSON.parse(text) as Result | null;
  if (typeof result?.statusCode !== 'number') {
    return { kind: 'crash', message: `no response to a request: ${text.slice(0, 200)}` };
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded } = result;
  return {
    kind: 'response',
    ms,
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    cookies,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('latin1') : body,
  };
};

interface Result {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}
