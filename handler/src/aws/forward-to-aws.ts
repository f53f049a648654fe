import type { UpstreamKindName, UpstreamKinds, UpstreamPolicy } from '../contract.ts';
import type { SettingsReader } from '../environment.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Forwarder, ForwardInput, UpstreamKind, UpstreamTools } from '../parts.ts';
import type { Attempt, TransportResponse } from '../transport/attempt.ts';
import { type BreakerPolicy, createCircuitBreaker } from '../transport/circuit-breaker.ts';
import { createRetry, type RepeatableRequest } from '../transport/retry.ts';
import { AwsError, readResponse } from './aws-error.ts';
import type { ServiceRequest } from './aws-service.ts';

/** What the contract says of every upstream that is a resource of AWS. */
export interface AwsPolicy {
  readonly name: string;
  /** The environment variable that contains its ARN, such as `UPSTREAM_EXPORTS_ARN`. */
  readonly arnVariable: string;
  /** Attempts after the first, where repeating is safe. */
  readonly retries: number;
  readonly breaker: BreakerPolicy;
}

/** What the kind of such an upstream adds. */
interface AwsUpstream<K extends UpstreamKindName, C extends AwsCall> {
  /** One attempt, as `AwsService` makes it. */
  readonly service: { readonly send: (call: C, deadlineMs: number) => Promise<Attempt> };
  /** Unless given, as for HTTP upstreams: by `AwsCall.repeatable`. */
  readonly mayRepeat?: (outcome: Attempt) => boolean;
  /** Throws a GatewayError for a request that the service cannot take. */
  readonly call: (input: ForwardInput<K>) => C;
}

export interface AwsCall {
  /** The request that says whether the call may be repeated. Absent: only `mayRepeat` allows that. */
  readonly repeatable?: RepeatableRequest;
  /** Throws a GatewayError. Called for statuses below 300 only. */
  readonly respond: (response: TransportResponse) => GatewayResponse;
  /** What any other status says of the request. Absent or undefined: 502 or 503. */
  readonly refusal?: (response: TransportResponse) => GatewayResponse | GatewayError | undefined;
}

type MessageCall = AwsCall & ServiceRequest;

/** The kinds whose upstreams are resources of AWS. */
type AwsKindName = {
  [K in UpstreamKindName]: UpstreamKinds[K] extends { readonly policy: AwsPolicy } ? K : never;
}[UpstreamKindName];

type PolicyOf<K extends AwsKindName> = Extract<UpstreamPolicy, { readonly kind: K }> & AwsPolicy;

/**
 * Upstreams that are called by one signed request each, with the deadline, the retries and the breaker of HTTP upstreams.
 * Where the service throttles or fails: 503 with `Retry-After`. Where it refuses the call: 502, the reason in the log.
 *
 * @param open reads the settings of one upstream first.
 */
export const awsUpstreams =
  <K extends AwsKindName, C extends AwsCall = MessageCall>(
    kind: K,
    open: (
      policy: PolicyOf<K>,
      reader: SettingsReader,
    ) => (tools: UpstreamTools) => AwsUpstream<K, C>,
  ): UpstreamKind<K> =>
  ({ upstreams }, reader) => {
    const opened = Object.values(upstreams)
      .filter((policy): policy is PolicyOf<K> => policy.kind === kind)
      .map((policy) => ({ policy, start: open(policy, reader) }));
    return (tools) =>
      forwardToAws(
        opened.map(({ policy, start }) => ({ policy, ...start(tools) })),
        tools,
      );
  };

interface Peer<K extends UpstreamKindName, C extends AwsCall> extends AwsUpstream<K, C> {
  readonly policy: AwsPolicy;
}

const forwardToAws = <K extends UpstreamKindName, C extends AwsCall>(
  peers: ReadonlyArray<Peer<K, C>>,
  { metrics, now }: Pick<UpstreamTools, 'metrics' | 'now'>,
): Forwarder<K> => {
  const byName = new Map(
    peers.map((peer) => {
      const { policy, mayRepeat } = peer;
      const { name, retries } = policy;
      const onOpen = (): void => metrics.add('breakerOpenings', 1, { upstream: name });
      const breaker = createCircuitBreaker({ policy: policy.breaker, now, onOpen });
      const retry = createRetry({ retries, breaker, now, random: Math.random, mayRepeat });
      return [name, { ...peer, retry }];
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
      const send = async (): Promise<GatewayResponse | GatewayError> => {
        const call = peer.call(input);
        const attempt = (): Promise<Attempt> => {
          attempts += 1;
          return peer.service.send(call, endMs);
        };
        const response = await peer.retry(call.repeatable ?? onceOnly, endMs, attempt, callerKey);
        if (response.statusCode >= 300) return call.refusal?.(response) ?? errorOfAws(response);
        return call.respond(response);
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

const onceOnly: RepeatableRequest = { method: 'POST', headers: [] };

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
