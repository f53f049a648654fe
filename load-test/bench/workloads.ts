import { binaryOf, receiptOf } from './stub/bodies.ts';

/** One kind of request, and the response that shows that it was processed completely. */
export interface Task {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly query?: string;
  /** Beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent along, as a picture. */
  readonly upload?: Buffer;
  /** `length` is that of `body` in Lambda's result: text unchanged, everything else in base64. */
  readonly expected: { readonly status: number; readonly length: number };
}

export interface Workload extends Task {
  readonly name: WorkloadName;
  readonly title: string;
}

export type WorkloadName = 'json_1kb' | 'json_64kb' | 'json_1mb' | 'binary_1mb' | 'upload_1mb';

/** A response of this many bytes: JSON, or bytes that are not text. */
export const download = (kind: 'json' | 'binary', bytes: number): Task => ({
  method: 'GET',
  path: `/api/v1/users/${kind === 'json' ? 't' : 'b'}${bytes}`,
  expected: { status: 200, length: kind === 'json' ? bytes : Math.ceil(bytes / 3) * 4 },
});

/** This many bytes that are not text; the upstream responds with their digest. */
const upload = (bytes: number): Task => ({
  method: 'PUT',
  path: '/api/v1/products/p1/picture',
  upload: binaryOf(bytes),
  expected: { status: 201, length: receiptOf(Buffer.alloc(0)).length },
});

/** The common case: cold starts, memory and counts are measured with it. */
export const firstWorkload: Workload = {
  name: 'json_1kb',
  title: '1 KB of JSON',
  ...download('json', 1_024),
};

export const workloads: readonly Workload[] = [
  firstWorkload,
  { name: 'json_64kb', title: '64 KB of JSON', ...download('json', 65_536) },
  { name: 'json_1mb', title: '1 MB of JSON', ...download('json', 1_048_576) },
  { name: 'binary_1mb', title: '1 MB, binary', ...download('binary', 1_048_576) },
  { name: 'upload_1mb', title: '1 MB sent', ...upload(1_048_576) },
];

/** Something for each workload. */
export const byWorkload = <T>(valueOf: (name: WorkloadName) => T): Record<WorkloadName, T> =>
  Object.fromEntries(workloads.map(({ name }) => [name, valueOf(name)])) as Record<WorkloadName, T>;

/** An HTTP API event of payload format 2.0, without the token, which is different for each call. */
export const eventFor = ({ method, path, query = '', headers, upload: body }: Task): object => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: query,
  headers: {
    accept: 'application/json, */*',
    'accept-encoding': 'gzip, deflate, br',
    'content-length': String(body?.length ?? 0),
    ...(body && { 'content-type': 'image/png' }),
    host: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
    'x-amzn-trace-id': 'Root=1-68f0a1b2-0123456789abcdef01234567',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    ...headers,
  },
  requestContext: {
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'a1b2c3d4e5',
    http: {
      method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: '203.0.113.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
    },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: '$default',
    stage: '$default',
    time: '21/Nov/2025:08:00:00 +0000',
    timeEpoch: 1_763_712_000_000,
  },
  ...(body && { body: body.toString('base64') }),
  isBase64Encoded: body !== undefined,
});
