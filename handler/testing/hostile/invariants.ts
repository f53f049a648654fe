import { believedHeaders, folded, gatewaysOwn, hopByHopHeaders } from './believed-headers.ts';
import type { Observation } from './open-gateway.ts';
import { parseWireRequest, type WireRequest } from './wire-request.ts';

/** The data of every event that only API Gateway can set. */
const platformsWord = {
  clientIp: '198.51.100.7',
  domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
  stage: 'v1',
} as const;

interface Setting {
  /** Each upstream's host and port. */
  readonly hosts: Readonly<Record<string, string>>;
}

/**
 * The invariants of every request, including hostile ones. Each violation is a sentence; there must be none. The
 * invariants are those of the client, the service and the operator, and are independent of the code under test.
 */
export const breachesOf = (observation: Observation, setting: Setting): readonly string[] => [
  ...breachesOfResponse(observation),
  ...breachesOfLog(observation),
  ...breachesOfOrigin(observation, setting),
  ...breachesOfForwarding(observation, setting),
  ...pollution(),
];

const breachesOfResponse = ({ outcome }: Observation): string[] => {
  if (outcome.kind === 'threw') return [`threw ${String(outcome.error)}`];
  const { statusCode = 0, headers = {}, cookies = [] } = outcome.result;
  const breaches: string[] = [];
  if (statusCode >= 500) breaches.push(`responded ${statusCode}: ${outcome.result.body}`);
  if (statusCode < 200) breaches.push(`responded with the status ${statusCode}`);
  for (const [name, value] of [...Object.entries(headers), ...cookies.map((c) => ['cookie', c])]) {
    if (/[\r\n\0]/.test(`${name}${String(value)}`))
      breaches.push(`responded with a broken ${name}`);
  }
  return breaches;
};

const breachesOfLog = ({ output }: Observation): string[] => {
  const lines = output.join('').split('\n');
  const breaches = lines.pop() === '' ? [] : ['left a line of the log without end'];
  const records = lines.map(recordOf);
  for (const [index, record] of records.entries()) {
    if (record === undefined)
      breaches.push(`logged a line that is not a JSON record: ${lines[index]}`);
  }
  const ofRequest = records.filter((record) => record !== undefined && !('_aws' in record));
  if (ofRequest.length !== 1) breaches.push(`logged ${ofRequest.length} records of one request`);
  return breaches;
};

/** The record that a line of the log is; undefined if it is not JSON. */
export const recordOf = (line: string): object | undefined => {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? record : undefined;
  } catch {
    return undefined;
  }
};

const breachesOfOrigin = ({ dialled, limitKeys }: Observation, { hosts }: Setting): string[] => {
  const known = new Set(Object.values(hosts));
  return [
    ...dialled.filter((address) => !known.has(address)).map((other) => `connected to ${other}`),
    ...limitKeys
      .filter(
        (key) => key !== `visitor#ip#${platformsWord.clientIp}` && key !== 'member#caller#alice',
      )
      .map((key) => `counted for ${key}`),
  ];
};

const breachesOfForwarding = (observation: Observation, { hosts }: Setting): string[] => {
  const { received, outcome } = observation;
  const hasResponded = outcome.kind === 'responded' && outcome.result.body === 'fine';
  if (received.length > 1) return [`sent ${received.length} requests for one`];
  const [request] = received;
  if (request === undefined)
    return hasResponded ? ['responded for a service that was not called'] : [];
  const wire = parseWireRequest(request.bytes);
  if (wire === undefined) return [`sent no sound HTTP: ${JSON.stringify(request.bytes)}`];
  return [
    ...breachesOfTarget(wire, request.upstream),
    ...breachesOfFraming(wire, observation.event),
    ...breachesOfJudgement(wire),
    ...breachesOfHeaders(wire, request.upstream, {
      host: hosts[request.upstream],
      'x-request-id': observation.requestId,
    }),
  ];
};

/** The allowed paths of each service. The caller is a user, so no admin path is among them. */
const allowed: Readonly<Record<string, RegExp>> = {
  alpha: /^\/(?:public|wide)\/[^?]/,
  beta: /^(?:\/signed\/[^?]|\/internal\/[^/?]+\/detail(?:\?|$)|\/json\/?(?:\?|$))/,
};

/** The path has the same meaning for servers that use it literally, decode it, or resolve it as a URL. */
const breachesOfTarget = ({ target }: WireRequest, upstream: string): string[] => {
  const path = target.split('?', 1)[0] ?? '';
  const breaches: string[] = [];
  if (!allowed[upstream]?.test(target)) breaches.push(`called ${upstream} for ${target}`);
  if (new URL(path, 'http://service.test').pathname !== path) {
    breaches.push(`sent a path that servers resolve: ${path}`);
  }
  for (const segment of path.split('/')) {
    const decoded = decodeURIComponent(segment);
    if (/^\.{1,2} *(?:;|$)|^;|[\\\0-\x1f]/.test(decoded))
      breaches.push(`sent the segment ${segment}`);
  }
  if (path.includes(';')) breaches.push(`sent a parameter of the path: ${path}`);
  const narrow = path.startsWith('/wide/') ? path.split('/').findIndex(isNarrow) : -1;
  if (narrow === 2 || (narrow === 3 && path.startsWith('/wide/deep/'))) {
    breaches.push(`sent ${path}, which is /wide/narrow or /wide/deep/narrow to some servers`);
  }
  if (target.includes('#')) breaches.push(`sent a fragment: ${target}`);
  return breaches;
};

/**
 * Decoded twice, cut where a server may cut it, and without characters that Windows and Unicode folding drop or that
 * are invisible.
 */
const isNarrow = (segment: string): boolean => {
  const bytes = decodedOnce(decodedOnce(segment));
  const text = Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC');
  return /^narrow[. ]*(?:$|[;?#/\0])/i.test(text.replace(/[\u00ad\u200b-\u200d\ufeff]/g, ''));
};

const decodedOnce = (text: string): string =>
  text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

interface Sent {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const breachesOfFraming = ({ method, headers, body }: WireRequest, event: unknown): string[] => {
  const sent = event as Sent;
  const sentBody = Buffer.from(sent.body ?? '', sent.isBase64Encoded ? 'base64' : 'utf8');
  const lengths = headers.filter(([name]) => folded(name) === 'content-length');
  const breaches: string[] = [];
  if (method !== sent.requestContext.http.method.toUpperCase()) breaches.push(`sent ${method}`);
  if (lengths.length > 1) breaches.push('sent more than one Content-Length');
  if (Number(lengths[0]?.[1] ?? 0) !== body.length) breaches.push('sent a wrong Content-Length');
  if (body !== sentBody.toString('latin1')) breaches.push('sent another body');
  return breaches;
};

/**
 * Even a lenient service reads exactly what the contract checked: /json declares `page` and `word`, and has a schema.
 */
const breachesOfJudgement = ({ method, target, headers, body }: WireRequest): string[] => {
  const query = target.split(/\?(.*)/s, 2)[1] ?? '';
  const names = query.split(/[&;]/).map((pair) => pair.split('=', 1).join());
  const breaches = names
    .filter((name) => isReadAs('_method', name) || (isJudged(target) && isMisspelt(name)))
    .map((name) => `sent the parameter ${name}`);
  const isMeaningless = ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
  if (isMeaningless && body !== '' && !target.startsWith('/public/')) {
    breaches.push(`sent a body with ${method} ${target}`);
  }
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const charsets = type.replaceAll('\\', '').match(/charset[^;,]*/gi) ?? [];
  const isUtf8 = charsets.every((charset) => /^charset="?(?:utf-8|us-ascii)"?\s*$/i.test(charset));
  if (isJudged(target) && (charsets.length > 1 || !isUtf8 || type.includes(','))) {
    breaches.push(`sent JSON as ${type}`);
  }
  return breaches;
};

const isJudged = (target: string): boolean => /^\/json\/?(?:\?|$)/.test(target);

const isMisspelt = (name: string): boolean =>
  ['page', 'word'].some((each) => isReadAs(each, name) && decodedOnce(name) !== each);

/** Without case, brackets, white space, NUL and a second encoding; PHP reads a dot as `_`. */
const isReadAs = (wanted: string, name: string): boolean => {
  const bytes = decodedOnce(decodedOnce(name.replaceAll('+', ' ')));
  const text = Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC').toLowerCase();
  const read = text
    .replace(/^[\s[\]]+/, '')
    .split(/[[\0]/, 1)
    .join();
  return read.replaceAll('.', '_').replaceAll('\ufffd', '').trim() === wanted;
};

const hopByHop: ReadonlySet<string> = new Set(hopByHopHeaders);
const believed: ReadonlySet<string> = new Set(Object.values(believedHeaders).flat());

/** A body that a service may not read would become the next request on its connection, so there must be none. */
const endsConnection = ({ method, body }: WireRequest): boolean =>
  body.length > 0 && ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);

const breachesOfHeaders = (
  request: WireRequest,
  upstream: string,
  own: Readonly<Record<'host' | 'x-request-id', string | undefined>>,
): string[] => {
  const { headers, target } = request;
  const isSigned = target.startsWith('/signed/');
  const expected: Readonly<Record<string, string | undefined>> = {
    ...own,
    'x-user-id': isSigned ? 'alice' : undefined,
    'x-user-roles': isSigned ? 'user' : undefined,
    'x-forwarded-for': platformsWord.clientIp,
    'x-forwarded-host': platformsWord.domainName,
    'x-forwarded-prefix': `/${platformsWord.stage}`,
    'x-forwarded-proto': 'https',
    connection: endsConnection(request) ? 'close' : undefined,
  };
  const breaches: string[] = [];
  for (const [name, value] of Object.entries(expected)) {
    const values = headers.filter((header) => folded(header[0]) === name).map(([, text]) => text);
    const wanted = value === undefined ? [] : [value];
    if (values.join('\n') !== wanted.join('\n')) {
      breaches.push(`sent ${upstream} ${name}: ${JSON.stringify(values)}`);
    }
  }
  for (const [name, value] of headers) {
    const folds = folded(name);
    if (hopByHop.has(folds) && name !== 'connection') breaches.push(`passed ${name}: ${value} on`);
    if (believed.has(folds) && !gatewaysOwn.has(folds)) breaches.push(`passed ${name} on`);
    if (folds === 'cookie' && /(?:^|;)\s*(?:__Host-)?session_token\s*=/.test(value)) {
      breaches.push(`passed the session's cookie on: ${value}`);
    }
    if ((folds === 'authorization' || folds === 'cookie') && holdsClaims(value)) {
      breaches.push(`passed a session token on: ${name}: ${value}`);
    }
  }
  return breaches;
};

/** Whether any part of it contains the claims of a session token. */
const holdsClaims = (value: string): boolean =>
  value
    .split(/[^\w-]/)
    .some((part) => Buffer.from(part, 'base64url').toString().includes('"sid":"'));

const pollution = (): string[] => {
  const found = [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) =>
    Object.keys(prototype),
  );
  return found.length === 0 ? [] : [`polluted a prototype with ${found.join(', ')}`];
};
