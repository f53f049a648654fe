import { isUtf8 } from 'node:buffer';
import type { UpstreamCall } from '../../exchange.ts';
import { inUrl, textOf, type TextTemplate, unchanged } from '../../http/expression.ts';
import { GatewayError, statusOf } from '../../http/gateway-error.ts';
import { releaseLargeBody } from '../../http/large-body.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { assertForwardablePath } from '../../http/upstream-path.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import { failedCall } from '../../telemetry/failed-call.ts';
import { failed } from '../../transport/attempt.ts';
import { errorOf } from '../../transport/upstream-error.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly combine: { readonly target: object };
  }
  interface Route {
    /** Of a route whose response is made of those of others, in this order. */
    readonly combine?: readonly PartPlan[];
  }
}

/** A member of the combined object, and the GET request whose response is its value. */
export interface PartPlan {
  readonly name: string;
  /** The id of the route that the request goes to, whatever its values are. */
  readonly route: string;
  readonly path: TextTemplate;
  /** Each `name=value`. One whose expression has no value is left out. */
  readonly query: readonly TextTemplate[];
  /** Absent: that of its route alone. */
  readonly timeoutMs?: number;
  /** Whether there is a response without it. */
  readonly isOptional?: true;
}

type Combined = ForwardInput<'combine'>;

interface PartResult {
  readonly part: PartPlan;
  /** Absent: there was no call. */
  readonly upstream?: UpstreamCall;
  /** The bytes of its JSON; or why there is none, which can be an upstream response with an error status. */
  readonly outcome: Buffer | GatewayError | GatewayResponse;
}

/**
 * Responds with one JSON object whose members are the responses of other routes, which are requested in parallel. It
 * waits for all of them, each to its own deadline: a call that is still open after the response would be frozen with the
 * execution environment, and count as a failure of its upstream later.
 */
export const combineUpstreams: UpstreamKind<'combine'> = () => (tools) => {
  const { now, limits } = tools;
  return {
    forward: async (input) => {
      const { route, request, target } = input;
      if (route.combine === undefined) throw new TypeError(`${route.id} has no parts`);
      const startedAtMs = now();
      const deadlineMs = Math.min(input.deadlineMs, startedAtMs + target.timeoutMs);
      const results = await Promise.all(
        route.combine.map((part) => resultOf(part, { ...input, deadlineMs }, tools)),
      );
      for (const result of results) record(result, input, tools);
      const outcome = combined(results, request, limits);
      for (const { outcome: json } of results) if (Buffer.isBuffer(json)) releaseLargeBody(json);
      const calls = results.flatMap(({ upstream }) => upstream ?? []);
      const attempts = calls.reduce((sum, call) => sum + (call.attempts ?? 0), 0);
      const names = [...new Set(calls.map(({ name }) => name))];
      return {
        upstream: {
          // A name of its own: the time of all parts is no time of one of their upstreams.
          name: `${target.upstream}(${names.join(',')})`,
          ...(attempts > 0 && { attempts, durationMs: now() - startedAtMs }),
        },
        outcome,
      };
    },
  };
};

const resultOf = async (
  part: PartPlan,
  input: Combined,
  { forward, match, now }: UpstreamTools,
): Promise<PartResult> => {
  try {
    const { timeoutMs = Infinity } = part;
    const deadlineMs = Math.min(input.deadlineMs, now() + timeoutMs);
    const { upstream, outcome } = await forward({ ...inputOf(part, input, match), deadlineMs });
    return { part, upstream, outcome: judged(part, outcome) };
  } catch (error) {
    if (error instanceof GatewayError) return { part, outcome: error };
    throw error;
  }
};

/** The request of a part, as its own route would forward it. */
const inputOf = (
  part: PartPlan,
  { request, params, caller, callerKey }: Combined,
  match: UpstreamTools['match'],
): Omit<ForwardInput, 'deadlineMs'> => {
  const sources = { request, params, caller };
  const path = textOf(part.path, sources, unchanged);
  // A slash in a value begins a segment, as in the path of a client: the route below has to be the same.
  const segments = path?.split('/').slice(1) ?? [];
  assertForwardablePath(segments);
  const found = match('GET', segments);
  // A value such as `new` could lead to a route that this caller may not use.
  if (path === undefined || found.kind !== 'match' || found.match.route.id !== part.route)
    throw new GatewayError('BAD_REQUEST', {
      detail: `Send every value that "${part.name}" is requested with; in its path, each is one segment.`,
    });
  const { route } = found.match;
  const { target } = route;
  if (target.kind === 'built-in') throw new TypeError(`${route.id} has no upstream`);
  const isPublic = route.access.kind === 'public';
  const headers = headersOf(request);
  // What proved the caller to the gateway is not meant for an upstream that learns no caller.
  if (isPublic && caller !== undefined) delete headers['authorization'];
  const query = part.query.map((pair) => textOf(pair, sources, inUrl));
  return {
    request: {
      ...request,
      method: 'GET',
      path: `/${segments.join('/')}`,
      segments,
      query: query.filter((pair) => pair !== undefined).join('&'),
      headers,
      body: undefined,
    },
    route,
    target,
    params: found.match.params,
    caller: isPublic ? undefined : caller,
    callerKey,
  };
};

const headersOf = ({ headers }: GatewayRequest): Record<string, string> => ({
  ...withoutHeaders(headers, (name) => ofCombination.test(name)),
  accept: 'application/json',
  'accept-encoding': 'identity',
});

/** What the client says of the combined response, of what it has of that already, and of a body. */
const ofCombination = /^(?:accept|accept-encoding|content-.*|if-.*|range)$/;

const judged = (
  { name }: PartPlan,
  outcome: GatewayResponse | GatewayError,
): PartResult['outcome'] => {
  if (outcome instanceof GatewayError || outcome.statusCode >= 400) return outcome;
  const { statusCode, body = '' } = outcome;
  const json = typeof body === 'string' ? Buffer.from(body) : body;
  if (statusCode >= 200 && statusCode < 300 && isJson(json)) return json;
  return new GatewayError('UPSTREAM_BAD_RESPONSE', {
    detail: `The upstream response for "${name}" is not JSON, or neither a success nor an error.`,
    note: `a part has the status ${statusCode}`,
  });
};

const isJson = (body: Buffer): boolean => {
  if (!isUtf8(body)) return false;
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

/** The metrics and, for a failure, the log line of a part: those of the request only have the parts together. */
const record = (
  { part, upstream, outcome }: PartResult,
  { request, route }: Combined,
  { log, metrics }: UpstreamTools,
): void => {
  const { name, durationMs } = upstream ?? {};
  if (name !== undefined && durationMs !== undefined)
    metrics.add('upstreamLatencyByUpstream', durationMs, { upstream: name });
  if (Buffer.isBuffer(outcome) || statusOf(outcome) < 500) return;
  log.warn('a part of a combined response failed', {
    correlation_id: request.id,
    route: route.id,
    part: part.name,
    ...failedCall({ upstream, outcome }),
  });
};

/** The object; or, if a required part has no JSON, what became of the first such part. */
const combined = (
  results: readonly PartResult[],
  request: GatewayRequest,
  limits: UpstreamTools['limits'],
): GatewayResponse | GatewayError => {
  const pieces: Buffer[] = [];
  const errors: object[] = [];
  const add = (name: string, value: Buffer): void => {
    pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(name)}:`), value);
  };
  for (const { part, outcome } of results) {
    if (Buffer.isBuffer(outcome)) {
      add(part.name, outcome);
      continue;
    }
    if (!part.isOptional) return refused(outcome, request);
    add(part.name, Buffer.from('null'));
    const code = outcome instanceof GatewayError ? { code: outcome.code } : {};
    errors.push({ part: part.name, status: statusOf(outcome), ...code });
  }
  if (errors.length > 0) add('errors', Buffer.from(JSON.stringify(errors)));
  const response = {
    statusCode: 200,
    headers: { 'content-type': 'application/json', ...uncached },
    body: Buffer.concat([...pieces, Buffer.from('}')]),
  };
  return limits.accepts(response) ? sent(response, request) : errorOf(failed('response-too-large'));
};

/** The parts may say that they can be cached, and each for another time. */
const uncached = { 'cache-control': 'no-store' };

/** An error of an upstream, without what belongs to its own route alone. The caller could have requested it there. */
const refused = (
  outcome: GatewayError | GatewayResponse,
  request: GatewayRequest,
): GatewayResponse | GatewayError => {
  if (outcome instanceof GatewayError) return outcome;
  const { statusCode, headers, body = '' } = outcome;
  const kept = withoutHeaders(headers, (name) => !ofError.test(name));
  return sent({ statusCode, headers: { ...kept, ...uncached }, body }, request);
};

/** What describes the body, and what a client needs to know before it tries again. */
const ofError = /^(?:content-(?:encoding|language|type)|retry-after|www-authenticate)$/;

/** The parts of a HEAD request are requested by GET, so that it has the status and the length of GET (RFC 9110 §9.3.2). */
const sent = (
  { body = '', ...response }: GatewayResponse,
  { method }: GatewayRequest,
): GatewayResponse => {
  if (method !== 'HEAD') return { ...response, body };
  const headers = { ...response.headers, 'content-length': String(Buffer.byteLength(body)) };
  return { ...response, headers };
};
