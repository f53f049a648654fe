import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Gateway } from '../src/gateway.ts';
import type { CompiledContract } from '../src/parts.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { type FakeAws, startFakeAws } from './fake-aws/fake-aws.ts';
import { functionEnvironment } from './function-environment.ts';
import { type RecordedLog, recordLog } from './recorded-log.ts';
import { startCompiled } from './start-compiled.ts';

type Result = APIGatewayProxyStructuredResultV2;

/** What a browser sends by itself when a user follows a link of the gateway's own pages. */
export const ownLink = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };

export interface Browser {
  /** `name=value`, in the order in which they were set. */
  cookies: readonly string[];
  get(pathAndQuery: string, headers?: Record<string, string>): Promise<Result>;
  post(path: string, headers?: Record<string, string>, body?: string): Promise<Result>;
}

export interface BrowserWorld extends Pick<RecordedLog, 'lines' | 'lastNote'> {
  readonly aws: FakeAws;
  nowMs: number;
  readonly handler: Gateway;
  /** Without cookies. */
  openBrowser(): Browser;
  /** An execution environment of its own for further requests. */
  restart(variables?: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

export const clientSecretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:client-AbCdEf';
export const clientSecret = 'the client secret';
export const host = 'abc123.execute-api.us-east-1.amazonaws.com';

/** A gateway of a compiled contract with a fake AWS, and browsers with cookies of their own. */
export const startBrowserWorld = async (
  compiled: CompiledContract,
  values: Readonly<Record<string, string>>,
  service: RequestListener = (_, response) => void response.end('from upstream'),
): Promise<BrowserWorld> => {
  const aws = await startFakeAws({
    tables: { sessions: 'session_id', 'rate-limits': 'rate_limit_key' },
    service,
  });
  const environment = functionEnvironment(aws.endpoint.origin, compiled.contract);
  const keys = ['k1', 'k2'].map((kid) => {
    return { kty: 'oct', kid, k: randomBytes(32).toString('base64url') };
  });
  const arn = environment['GATEWAY_TOKEN_SIGNING_SECRET_ARN'] ?? '';
  aws.secrets.set(arn, JSON.stringify({ active_kid: 'k1', keys }));
  aws.secrets.set(clientSecretArn, clientSecret);
  const { log, ...recorded } = recordLog();

  const start = (variables: Readonly<Record<string, string>>): Gateway =>
    startCompiled(compiled, {
      variables: {
        ...environment,
        ...Object.fromEntries(
          Object.entries(values).map(([name, value]) => [`GATEWAY_VALUE_${name}`, value]),
        ),
        ...variables,
      },
      now: () => world.nowMs,
      log,
    });

  let gateway: Gateway;
  const openBrowser = (): Browser => {
    const send = async (
      method: string,
      target: string,
      headers: Record<string, string>,
      body?: string,
    ): Promise<Result> => {
      const { pathname, search } = new URL(target, `https://${host}`);
      const result = await gateway(
        httpApiEvent(method, pathname, {
          query: search.slice(1),
          headers,
          cookies: [...browser.cookies],
          domainName: host,
          ...(body !== undefined && { body: Buffer.from(body) }),
        }),
        lambdaContext(),
      );
      for (const cookie of result.cookies ?? []) browser.cookies = kept(browser.cookies, cookie);
      return result;
    };
    const browser: Browser = {
      cookies: [],
      get: (target, headers = {}) => send('GET', target, headers),
      post: (target, headers = {}, body) => send('POST', target, headers, body),
    };
    return browser;
  };

  const world: BrowserWorld = {
    aws,
    ...recorded,
    nowMs: Date.now(),
    handler: (...args) => gateway(...args),
    openBrowser,
    restart: (variables = {}) => {
      gateway = start(variables);
    },
    stop: () => aws.stop(),
  };
  world.restart();
  return world;
};

const kept = (cookies: readonly string[], set: string): readonly string[] => {
  const [pair = ''] = set.split(';', 1);
  const name = pair.slice(0, pair.indexOf('=') + 1);
  const others = cookies.filter((cookie) => !cookie.startsWith(name));
  return set.includes('Max-Age=0') ? others : [...others, pair];
};
