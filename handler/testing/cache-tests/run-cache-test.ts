import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { httpApiEvent, lambdaContext } from '../events.ts';
import { createFakeDynamoDb } from '../fake-aws/fake-dynamodb.ts';
import { functionEnvironment } from '../function-environment.ts';
import { loadModule } from '../load-contract.ts';
import { startLocalProvider } from '../local-provider.ts';
import { startCompiled } from '../start-compiled.ts';

type Header = readonly [name: string, value: string | number, isChecked?: boolean];

/** One exchange of a test, in the words of `cache-tests`. */
interface Step {
  readonly setup?: true;
  readonly setup_tests?: readonly string[];
  readonly pause_after?: true;
  readonly request_method?: string;
  readonly request_headers?: readonly Header[];
  readonly request_body?: string;
  readonly magic_ims?: true;
  readonly filename?: string;
  readonly query_arg?: string;
  readonly response_status?: readonly [number, string];
  readonly response_headers?: readonly Header[];
  readonly response_body?: string | null;
  readonly response_pause?: number;
  readonly disconnect?: true;
  readonly magic_locations?: true;
  readonly rfc850date?: readonly string[];
  readonly expected_type?: 'cached' | 'not_cached' | 'etag_validated' | 'lm_validated';
  readonly expected_status?: number | null;
  readonly expected_method?: string;
  readonly expected_response_text?: string | null;
  readonly expected_response_headers?: ReadonlyArray<
    string | readonly [string, string] | readonly [string, '=' | '>', string | number]
  >;
  readonly expected_response_headers_missing?: ReadonlyArray<string | readonly [string, string]>;
  readonly expected_request_headers?: ReadonlyArray<string | readonly [string, string]>;
  readonly expected_request_headers_missing?: ReadonlyArray<string | readonly [string, string]>;
  readonly expected_interim_responses?: readonly unknown[];
  readonly check_body?: boolean;
}

export interface CacheTest {
  readonly id: string;
  readonly name: string;
  readonly kind?: 'required' | 'optimal' | 'check';
  readonly depends_on?: readonly string[];
  readonly browser_only?: true;
  readonly cdn_only?: true;
  readonly requests: readonly Step[];
}

/** A variable, because the suites have no types. */
const suitesFile: string = './tests/index.mjs';

export const readCacheTests = async (): Promise<readonly CacheTest[]> => {
  const suites = (await import(suitesFile)) as {
    readonly default: ReadonlyArray<{ readonly tests: readonly CacheTest[] }>;
  };
  return suites.default.flatMap(({ tests }) => tests);
};

/** `setup`: the test cannot be judged, because something before it was not as expected. */
export type Outcome = 'passed' | { readonly failed: string } | { readonly setup: string };

class Unmet extends Error {
  readonly isSetup: boolean;

  constructor(message: string, isSetup: boolean) {
    super(message);
    this.isSetup = isSetup;
  }
}

/** What the service saw of a request. */
interface Seen {
  readonly number: number;
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly sent: ReadonlyArray<readonly [string, string]>;
}

/** A gateway with a cache in front of a service, which takes each test's script; time passes only where a test pauses. */
export interface CacheTestBench {
  run(test: CacheTest): Promise<Outcome>;
  stop(): Promise<void>;
}

const contractText = `openapi: 3.1.0
info: { title: Tests, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { service: { http: {}, retries: 0, breaker: { failures: 1000, openFor: 1s } } }
  defaults: { rateLimits: [], maxBodySize: 1KiB, upstream: service, cache: {}, request: { undeclaredQuery: allow, undeclaredBody: allow } }
security: []
paths:
${['/test/{id}', '/test/{id}/{file}']
  .map(
    (path) => `  ${path}:
    parameters: [${[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `{ name: ${name}, in: path, required: true, schema: {} }`).join(', ')}]
${['get', 'put', 'post', 'delete', 'options', 'patch'].map((method) => `    ${method}: { responses: {} }`).join('\n')}`,
  )
  .join('\n')}
`;

export const startCacheTestBench = async (): Promise<CacheTestBench> => {
  let nowMs = Date.UTC(2027, 0, 15, 12, 0, 0, 250);
  const running = new Map<string, { readonly test: CacheTest; readonly seen: Seen[] }>();

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { test, seen } = running.get(request.url?.split(/[/?]/)[2] ?? '') ?? {};
    if (test === undefined || seen === undefined) return void response.writeHead(404).end();
    const number = Number(request.headers['req-num'] ?? seen.length + 1);
    const step = test.requests[number - 1];
    if (step === undefined) return void response.writeHead(409).end();
    nowMs += (step.response_pause ?? 0) * 1_000;
    response.sendDate = false;
    response.statusCode = statusFor(step, test.requests[number - 2], request);
    response.setHeader('server-base-url', request.url ?? '');
    response.setHeader('server-request-count', seen.length + 1);
    response.setHeader('client-request-count', number);
    response.setHeader('server-now', nowMs);
    const sent = new Map<string, string>();
    for (const [name, given, isChecked = true] of step.response_headers ?? []) {
      const value = valueOf(name, given, step, { nowMs, base: request.url ?? '' });
      const before = response.getHeader(name);
      response.setHeader(name, before === undefined ? value : [before, value].flat().map(String));
      if (isChecked) sent.set(name, [response.getHeader(name)].flat().join(', '));
    }
    if (!response.hasHeader('date')) response.setHeader('date', new Date(nowMs).toUTCString());
    if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain');
    seen.push({ number, method: request.method ?? '', headers: request.headers, sent: [...sent] });
    response.setHeader('request-numbers', seen.map((each) => each.number).join(' '));
    if (step.disconnect) response.socket?.destroy();
    else if (bodyless.has(response.statusCode)) response.end();
    else
      setTimeout(
        () => response.end(bodyWithin(response, step.response_body ?? bodyOf(test))),
        delayOf(test),
      );
  };
  const service = await startLocalProvider(serve);
  const compiled = await loadModule({ 'gateway.yaml': contractText });
  const gateway = startCompiled(compiled, {
    variables: {
      ...functionEnvironment(service.url, compiled.contract),
      GATEWAY_CACHE_TABLE_NAME: 'cache',
    },
    clients: () => ({ dynamoDb: createFakeDynamoDb({ cache: 'cache_key' }), secrets: noSecrets }),
    now: () => nowMs,
  });

  const runSteps = async (test: CacheTest): Promise<void> => {
    const seen: Seen[] = [];
    running.set(test.id, { test, seen });
    const results: Result[] = [];
    for (const [index, step] of test.requests.entries()) {
      const path = `/test/${test.id}${step.filename === undefined ? '' : `/${step.filename}`}`;
      const result = await gateway(
        httpApiEvent(step.request_method ?? 'GET', path, {
          stage: '$default',
          query: step.query_arg ?? '',
          headers: requestHeaders(step, index, test, results.at(-1)),
          ...(step.request_body !== undefined && { body: step.request_body }),
        }),
        lambdaContext(),
      );
      results.push(result);
      judgeResponse(test, index, result);
      if (step.pause_after) nowMs += 3_000;
    }
    judgeRequests(test, results, seen);
  };

  return {
    run: async (test) => {
      try {
        await runSteps(test);
        return 'passed';
      } catch (error) {
        if (!(error instanceof Unmet)) throw error;
        return error.isSetup ? { setup: error.message } : { failed: error.message };
      }
    },
    stop: () => service.stop(),
  };
};

const noSecrets = {
  getSecretString: async (): Promise<never> => {
    throw new TypeError('No secret is needed');
  },
};

type Result = APIGatewayProxyStructuredResultV2;

/** As long as the one that some tests give the length of. */
const bodyOf = ({ id }: CacheTest): string =>
  createHash('sha256').update(id).digest('hex').slice(0, 36);

/** No longer than the service says: more would belong to no response. */
const bodyWithin = (response: ServerResponse, body: string): string =>
  body.slice(0, Number(response.getHeader('content-length') ?? body.length));

/**
 * In real milliseconds. The gateway waits a moment for the validation of a response that may be sent meanwhile: these
 * tests are about one that is sent.
 */
const delayOf = ({ id }: CacheTest): number => (id.startsWith('stale-while-revalidate') ? 150 : 0);

const bodyless: ReadonlySet<number> = new Set([204, 304]);

const dates: ReadonlySet<string> = new Set([
  ...['date', 'expires', 'last-modified', 'if-modified-since', 'if-unmodified-since'],
]);

/** Numbers are seconds from now, and locations are below the path of the request. */
const valueOf = (
  name: string,
  given: string | number,
  { rfc850date, magic_locations }: Step,
  { nowMs, base }: { readonly nowMs: number; readonly base: string },
): string => {
  const header = name.toLowerCase();
  if (dates.has(header) && typeof given === 'number') {
    const date = new Date(nowMs + given * 1_000);
    return rfc850date?.includes(header) ? rfc850(date) : date.toUTCString();
  }
  if (magic_locations && (header === 'location' || header === 'content-location'))
    return given === '' ? base : `${base}/${given}`;
  return String(given);
};

const rfc850 = (date: Date): string => {
  const day = date.toLocaleString('en-US', { weekday: 'long', timeZone: 'UTC' });
  const [, number, month, year = '', time] = date.toUTCString().split(' ');
  return `${day}, ${number}-${month}-${year.slice(2)} ${time} GMT`;
};

const requestHeaders = (
  step: Step,
  index: number,
  { id }: CacheTest,
  previous: Result | undefined,
): Record<string, string> => {
  const headers: Record<string, string> = { pragma: 'foo', 'cache-control': 'nothing-to-see-here' };
  for (const [name, given] of step.request_headers ?? []) {
    const nowMs = Number(previous?.headers?.['server-now']);
    const isMagic = step.magic_ims && name.toLowerCase() === 'if-modified-since';
    const value = isMagic ? valueOf(name, given, step, { nowMs, base: '' }) : String(given);
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return { ...headers, 'test-id': id, 'req-num': String(index + 1) };
};

/** Of a request that must be conditional: 304, or 999 if it is not. */
const statusFor = (
  step: Step,
  previous: Step | undefined,
  { headers }: IncomingMessage,
): number => {
  if (!step.expected_type?.endsWith('validated')) return step.response_status?.[0] ?? 200;
  const before = (name: string) =>
    previous?.response_headers?.findLast(([each]) => each.toLowerCase() === name)?.[1];
  const isKnown =
    (before('last-modified') !== undefined && headers['if-modified-since'] !== undefined) ||
    (before('etag') !== undefined && headers['if-none-match'] === before('etag'));
  return isKnown ? 304 : 999;
};

const headerOf = (result: Result, name: string): string | undefined => {
  const { headers, cookies = [] } = result;
  const key = name.toLowerCase();
  if (key === 'set-cookie') return cookies.length > 0 ? cookies.join(', ') : undefined;
  const value = headers?.[key];
  // API Gateway adds it.
  if (key === 'content-length' && value === undefined) return String(textOf(result).length);
  return value === undefined ? undefined : String(value);
};

const textOf = ({ body = '', isBase64Encoded }: Result): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;

type Expectation = Extract<keyof Step, `expected_${string}`>;

const check = (
  step: Step,
  expectation: Expectation | undefined,
  holds: boolean,
  message: string,
): void => {
  if (holds) return;
  const isSetup =
    expectation === undefined || step.setup === true || step.setup_tests?.includes(expectation);
  throw new Unmet(message, isSetup === true);
};

const judgeResponse = (test: CacheTest, index: number, result: Result): void => {
  const step = test.requests[index] ?? {};
  const number = index + 1;
  const header = (name: string) => headerOf(result, name);
  const count = Number.parseInt(header('server-request-count') ?? '', 10);
  const status = result.statusCode ?? 0;
  const numbers = header('request-numbers')?.split(' ') ?? [];
  check(step, undefined, new Set(numbers).size === numbers.length, 'a request was repeated');
  if (step.expected_type === 'cached' && !(status === 304 && Number.isNaN(count)))
    check(step, 'expected_type', count < number, `response ${number} is not from the cache`);
  if (step.expected_type === 'not_cached')
    check(step, 'expected_type', count === number, `response ${number} is from the cache`);
  const expected = step.expected_status ?? step.response_status?.[0] ?? 200;
  const expectation =
    step.expected_status === undefined
      ? status === 999
        ? 'expected_type'
        : undefined
      : 'expected_status';
  if (step.expected_status !== null)
    check(step, expectation, status === expected, `response ${number} has status ${status}`);
  for (const each of step.expected_response_headers ?? []) {
    const [name, value, operand] = typeof each === 'string' ? [each] : each;
    const actual = header(name);
    const holds =
      value === undefined
        ? actual !== undefined
        : operand === undefined
          ? actual ===
            valueOf(name, value, step, {
              nowMs: Number(header('server-now')),
              base: header('server-base-url') ?? '',
            })
          : value === '='
            ? actual === header(String(operand))
            : Number.parseInt(actual ?? '', 10) > Number(operand);
    check(step, 'expected_response_headers', holds, `response ${number} has ${name}: ${actual}`);
  }
  for (const each of step.expected_response_headers_missing ?? []) {
    const [name, value] = typeof each === 'string' ? [each] : each;
    const actual = header(name);
    const holds = value === undefined ? actual === undefined : !actual?.includes(value);
    check(
      step,
      'expected_response_headers_missing',
      holds,
      `response ${number} has ${name}: ${actual}`,
    );
  }
  if (step.check_body === false) return;
  const text = textOf(result);
  if (step.expected_response_text !== undefined) {
    if (step.expected_response_text !== null)
      check(
        step,
        'expected_response_text',
        text === step.expected_response_text,
        `the body is ${text}`,
      );
  } else if (!bodyless.has(status) && step.request_method !== 'HEAD')
    check(step, undefined, text === (step.response_body ?? bodyOf(test)), `the body is ${text}`);
};

/** Not in the response as the service sent it, whatever a cache does. */
const unchecked: ReadonlySet<string> = new Set(['date']);

const judgeRequests = (
  { requests }: CacheTest,
  results: readonly Result[],
  seen: readonly Seen[],
): void => {
  let next = 0;
  for (const [index, step] of requests.entries()) {
    if (step.expected_type === 'cached') continue;
    const request = seen[next];
    next += 1;
    const number = index + 1;
    if (step.expected_type === 'not_cached')
      check(step, 'expected_type', request?.number === number, `request ${number} was not sent`);
    const validator = { etag_validated: 'if-none-match', lm_validated: 'if-modified-since' };
    if (step.expected_type === 'etag_validated' || step.expected_type === 'lm_validated')
      check(
        step,
        'expected_type',
        request?.headers[validator[step.expected_type]] !== undefined,
        `request ${number} has no ${validator[step.expected_type]}`,
      );
    for (const each of step.expected_request_headers ?? []) {
      const [name, value] = typeof each === 'string' ? [each] : each;
      const actual = String(request?.headers[name.toLowerCase()] ?? '');
      const holds = value === undefined ? actual !== '' : actual === value;
      check(step, 'expected_request_headers', holds, `request ${number} has ${name}: ${actual}`);
    }
    for (const each of step.expected_request_headers_missing ?? []) {
      const [name, value] = typeof each === 'string' ? [each] : each;
      const actual = String(request?.headers[name.toLowerCase()] ?? '');
      const holds = value === undefined ? actual === '' : actual !== value;
      check(
        step,
        'expected_request_headers_missing',
        holds,
        `request ${number} has ${name}: ${actual}`,
      );
    }
    for (const [name, value] of request?.sent ?? []) {
      if (unchecked.has(name.toLowerCase())) continue;
      const actual = headerOf(results[index] ?? { statusCode: 0 }, name);
      check(
        step,
        undefined,
        actual === value,
        `response ${number} has ${name}: ${actual}, not ${value}`,
      );
    }
    if (step.expected_method !== undefined)
      check(
        step,
        'expected_method',
        request?.method === step.expected_method,
        `request ${number} is ${request?.method}`,
      );
  }
};
