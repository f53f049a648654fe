import { createFakeDynamoDb } from './fake-aws/fake-dynamodb.ts';
import { gatewayRequest } from './gateway-request.ts';
import { route, signedIn } from './gateway-with.ts';
import { StoreUnavailable } from '../src/aws/aws-call.ts';
import { forwardOnce } from '../src/features/idempotency/idempotency.ts';
import { GatewayError } from '../src/http/gateway-error.ts';
import type { GatewayResponse } from '../src/http/response.ts';
import type { Forwarded, ForwardInput } from '../src/parts.ts';
import { createIdempotencyStore } from '../src/stores/idempotency/dynamodb-idempotency.ts';
import type { DynamoDb } from '../src/stores/dynamodb/dynamodb.ts';

/** What happened to one key that a client sent again and again. */
export interface SimulatedKey {
  /** How often the upstream carried the operation out. */
  readonly executions: number;
  /** Bodies of the responses of the upstream that the client got, replays included. */
  readonly bodies: readonly string[];
  /** Codes of the gateway's own responses. */
  readonly codes: readonly string[];
  /** Whether a request with another body got a response of the upstream. */
  readonly isMixedUp: boolean;
  readonly crashes: number;
}

/** A failure at one step: the execution environment ends there, or the caller of the step gets no response. */
type Trouble = 'none' | 'crash-before' | 'crash-after' | 'lost-before' | 'lost-after';

const troubles: readonly Trouble[] = ['crash-before', 'crash-after', 'lost-before', 'lost-after'];

const never = <T>(): Promise<T> => new Promise(() => undefined);

/**
 * One key, sent several times, some of them at once. At each step, a write to the table or the call to the upstream, the
 * execution environment can end, or the response to the step be lost. `random` is from 0 to below 1.
 */
export const simulateKey = async (random: () => number): Promise<SimulatedKey> => {
  const clock = { nowMs: 1_800_000_000_000 };
  const now = () => clock.nowMs;
  const dynamoDb = createFakeDynamoDb({ keys: 'idempotency_key' });
  const world = { executions: 0, crashes: 0, isMixedUp: false };
  const bodies: string[] = [];
  const codes: string[] = [];
  let requests = 0;

  /** One request in an execution environment of its own, with at most one trouble. */
  const send = async (body: string): Promise<void> => {
    requests += 1;
    const isTroubled = random() < 0.6;
    const trouble = (isTroubled && troubles[Math.floor(random() * troubles.length)]) || 'none';
    const troubledStep = 1 + Math.floor(random() * 3);
    let steps = 0;
    let end: () => void = () => undefined;
    const ended = new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
    let hasCrashed = false;
    const crash = <T>(): Promise<T> => {
      hasCrashed = true;
      world.crashes += 1;
      end();
      return never();
    };

    /** `lost` is what the caller of the step gets if no response arrives. */
    const step = async <T>(act: () => Promise<T>, lost: () => T | Promise<T>): Promise<T> => {
      if (hasCrashed) return never();
      steps += 1;
      await turn(random);
      if (steps !== troubledStep || trouble === 'none') return act();
      if (trouble === 'crash-before') return crash();
      if (trouble === 'lost-before') return lost();
      await act().catch(() => undefined);
      return trouble === 'crash-after' ? crash() : lost();
    };

    const table: DynamoDb = {
      getItem: async (...given) => dynamoDb.getItem(...given),
      updateItem: (...given) =>
        step(
          () => dynamoDb.updateItem(...given),
          () => {
            throw new StoreUnavailable('no response');
          },
        ),
    };
    const upstream = async (): Promise<Forwarded> => {
      const isUnreachable = random() < 0.1;
      const outcome = await step<GatewayResponse | GatewayError>(
        async () => {
          if (isUnreachable) return failure('UPSTREAM_UNREACHABLE');
          world.executions += 1;
          const text = `${body} carried out, number ${world.executions}`;
          return { statusCode: 201, headers: {}, body: Buffer.from(text) };
        },
        () => failure('UPSTREAM_TIMEOUT'),
      );
      return { upstream: { name: 'orders' }, outcome };
    };
    const forwarder = forwardOnce(
      { forward: upstream },
      {
        store: createIdempotencyStore({ dynamoDb: table, tableName: 'keys', now }),
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        now,
      },
    );
    const answered = await Promise.race([forwarder.forward(inputOf(body, requests, now())), ended]);
    if (answered === undefined) return;
    const { outcome } = answered;
    if (outcome instanceof GatewayError) {
      codes.push(outcome.code);
      return;
    }
    const text = String(outcome.body);
    bodies.push(text);
    if (!text.startsWith(`${body} `)) world.isMixedUp = true;
  };

  const rounds = 2 + Math.floor(random() * 4);
  for (let round = 0; round < rounds; round += 1) {
    const isOther = round > 0 && random() < 0.1;
    const body = isOther ? 'other' : 'order';
    const atOnce = random() < 0.3 ? 2 : 1;
    await Promise.all(Array.from({ length: atOnce }, () => send(body)));
    clock.nowMs += Math.floor(random() * 20_000);
  }
  return { ...world, bodies, codes };
};

/** Lets other requests go first, or not. */
const turn = async (random: () => number): Promise<void> => {
  for (let left = Math.floor(random() * 4); left > 0; left -= 1) await Promise.resolve();
};

const failure = (code: 'UPSTREAM_UNREACHABLE' | 'UPSTREAM_TIMEOUT'): GatewayError =>
  new GatewayError(code, { detail: '' });

const orders = route('POST /orders', { ...signedIn(), idempotency: { ttlSeconds: 86_400 } });

const inputOf = (body: string, count: number, nowMs: number): ForwardInput => ({
  request: gatewayRequest({
    ...{ id: `request-${count}`, method: 'POST', path: '/orders' },
    headers: { 'idempotency-key': 'key' },
    body: Buffer.from(body),
  }),
  route: orders,
  target: { kind: 'http', upstream: 'orders', rewrite: undefined, timeoutMs: 1_000 },
  params: {},
  deadlineMs: nowMs + 10_000,
  caller: { userId: 'alice', roles: [] },
  callerKey: () => 'user#alice',
});
