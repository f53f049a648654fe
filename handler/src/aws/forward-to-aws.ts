import type { UpstreamKindName } from '../contract.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Forwarder, ForwardInput, UpstreamTools } from '../parts.ts';
import type { Attempt, TransportResponse } from '../transport/attempt.ts';
import { type BreakerPolicy, createCircuitBreaker } from '../transport/circuit-breaker.ts';
import { createRetry, type RepeatableRequest } from '../transport/retry.ts';
import { AwsError, readResponse } from './aws-error.ts';
import type { AwsService, ServiceRequest } from './aws-service.ts';

/** One upstream that is a resource of AWS. */
export interface AwsUpstream<K extends UpstreamKindName> {
  readonly name: string;
  readonly breaker: BreakerPolicy;
  /** Attempts after the first, where repeating is safe. */
  readonly retries: number;
  readonly service: AwsService;
  /** Unless given, as for HTTP upstreams: by `AwsCall.repeatable`. */
  readonly mayRepeat?: (outcome: Attempt) => boolean;
  /** Throws a GatewayError for a request that the service cannot take. */
  readonly call: (input: ForwardInput<K>) => AwsCall;
}

export interface AwsCall extends ServiceRequest {
  /** The request that says whether the call may be repeated. */
  readonly repeatable: RepeatableRequest;
  /** Throws a GatewayError. Called for statuses below 300 only. */
  readonly respond: (response: TransportResponse) => GatewayResponse;
}

type Tools = Pick<UpstreamTools, 'metrics' | 'now'>;

/**
 * Upstreams that are called by one signed request each, with the deadline, the retries and the breaker of HTTP upstreams.
 * Where the service throttles or fails: 503 with `Retry-After`. Where it refuses the call: 502, the reason in the log.
 */
export const forwardToAws = <K extends UpstreamKindName>(
  upstreams: readonly AwsUpstream<K>[],
  { metrics, now }: Tools,
): Forwarder<K> => {
  const byName = new Map(
    upstreams.map((upstream) => {
      const { name, breaker: policy, retries, mayRepeat } = upstream;
      const onOpen = (): void => metrics.add('breakerOpenings', 1, { upstream: name });
      const breaker = createCircuitBreaker({ policy, now, onOpen });
      const retry = createRetry({ retries, breaker, now, random: Math.random, mayRepeat });
      return [name, { ...upstream, retry }];
    }),
  );
  return {
    forward: async (input) => {
      const { target, deadlineMs, callerKey } = input;
      const name = target.upstream;
      const peer = byName.get(name);
      if (peer === undefined) throw new TypeError(`No upstream is named ${name}`);
      const startedAtMs = now();
      const endMs = Math.min(deadlineMs, startedAtMs + target.timeoutMs);
      let attempts = 0;
      const send = async (): Promise<GatewayResponse> => {
        const { respond, repeatable, ...request } = peer.call(input);
        const attempt = (): Promise<Attempt> => {
          attempts += 1;
          return peer.service.send(request, endMs);
        };
        const response = await peer.retry(repeatable, endMs, attempt, callerKey);
        if (response.statusCode >= 300) throw errorOfAws(response);
        return respond(response);
      };
      const outcome = await send().catch((error: unknown) => {
        if (error instanceof GatewayError) return error;
        throw error;
      });
      const sent = attempts > 0 && { attempts, durationMs: now() - startedAtMs };
      return { upstream: { name, ...sent }, outcome };
    },
  };
};

const errorOfAws = (response: TransportResponse): GatewayError => {
  const cause = awsErrorOf(response);
  if (isThrottled(cause) || cause.status >= 500) return unavailable(cause);
  return new GatewayError('UPSTREAM_BAD_RESPONSE', {
    detail: 'The upstream did not accept the request.',
    note: 'AWS refused the call: check that the ARN of the upstream exists, and that the role of the function may use it',
    cause,
  });
};

/** Nothing was stored or carried out if the service throttles; if it fails, that is not known. */
export const unavailable = (cause: AwsError): GatewayError =>
  new GatewayError('UPSTREAM_UNAVAILABLE', {
    detail: 'Try again in 1 s.',
    headers: { 'retry-after': '1' },
    cause,
  });

/** A service of AWS refuses more requests for now, and has carried out nothing of this one. */
export const isThrottled = ({ status, code }: Pick<AwsError, 'status' | 'code'>): boolean =>
  status === 429 || /Throttl|TooManyRequests|LimitExceeded|SlowDown/.test(code);

/** The error of a response whose status is no success, in JSON or in the XML of older services. */
export const awsErrorOf = (response: TransportResponse): AwsError => {
  const { statusCode, body } = response;
  const [, code] = /<Code>(\w+)<\/Code>/.exec(body.toString('utf8')) ?? [];
  if (code !== undefined) return new AwsError(statusCode, code, {});
  try {
    readResponse(response);
  } catch (error) {
    if (error instanceof AwsError) return error;
  }
  return new AwsError(statusCode, `HTTP_${statusCode}`, {});
};

/** 413 where the request is too large for the service, before it is called. */
export const assertSize = (bytes: number, maxBytes: number, what: string): void => {
  if (bytes <= maxBytes) return;
  throw new GatewayError('BODY_TOO_LARGE', {
    detail: `Send less: ${what} has ${bytes} bytes, and ${maxBytes} are allowed.`,
  });
};
