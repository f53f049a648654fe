import { type CallOptions, StoreUnavailable } from '../src/aws/aws-call.ts';
import type { DynamoDb } from '../src/stores/dynamodb/dynamodb.ts';
import type { Random } from './random.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The possible outcomes of a call. Probabilities are per attempt. */
export interface Disorder {
  /** Each way between an environment and a store. */
  readonly delayMs?: { readonly least: number; readonly most: number };
  /** That the call or its response is lost. */
  readonly lost?: number;
  /** That it arrives late, long after its sender has given up. */
  readonly late?: number;
  /** That the store refuses it. */
  readonly throttled?: number;
}

/** The caller: an execution environment, perhaps one that has ended. */
export interface Life {
  ended: boolean;
  /** By its own clock. */
  readonly nowMs: () => number;
}

/** As in the AWS client: number of attempts, time per attempt, and none after the deadline. */
const attempts = 2;
const attemptTimeoutMs = 1_000;

/** How late a late call may arrive. */
const latestMs = 5_000;

export type Carry = <T>(send: () => Promise<T>, options: CallOptions, life: Life) => Promise<T>;

/** Transports calls in simulated time. A caller that has ended sends nothing more, so its work stays incomplete. */
export const unreliableNetwork = (
  clock: SimulatedClock,
  random: Random,
  { delayMs = { least: 1, most: 5 }, lost = 0, late = 0, throttled = 0 }: Disorder,
): Carry => {
  const attempt = async <T>(send: () => Promise<T>, options: CallOptions, life: Life) => {
    if (life.ended) throw new GivenUp('Nobody is there any more');
    const timeoutMs = Math.min(attemptTimeoutMs, options.deadlineMs - life.nowMs());
    if (timeoutMs <= 0) throw new GivenUp('The deadline has passed');
    const fate = random();
    const outMs = oneWay();
    const backMs = oneWay();
    const isLate = fate < late;
    const isLost = isLate || fate < late + lost;
    const isHeard = random() < 0.5; // Half of the lost calls were executed.
    if (isLate) clock.at(clock.nowMs + timeoutMs + random() * latestMs, () => ignore(send()));
    if ((isLost && !isHeard) || isLate) return givenUp(timeoutMs);
    await clock.wait(outMs);
    if (fate > 1 - throttled) throw new GivenUp('The call was throttled');
    if (life.ended && random() < 0.5) throw new GivenUp('It never left');
    const response = send();
    ignore(response);
    if (isLost || outMs + backMs > timeoutMs) return givenUp(Math.max(0, timeoutMs - outMs));
    await clock.wait(backMs);
    return response;
  };

  const oneWay = (): number => delayMs.least + random() * (delayMs.most - delayMs.least);

  const givenUp = async (afterMs: number): Promise<never> => {
    await clock.wait(afterMs);
    throw new GivenUp('No response came in time');
  };

  return async (send, options, life) => {
    for (let left = options.once ? 0 : attempts - 1; ; left -= 1) {
      try {
        const response = await attempt(send, options, life);
        if (!life.ended) return response;
        throw new GivenUp('Nobody is there any more');
      } catch (error) {
        if (life.ended || !(error instanceof GivenUp) || left === 0) throw error;
      }
    }
  };
};

/** A store behind the network, as seen by one environment. */
export const overNetwork = (dynamoDb: DynamoDb, carry: Carry, life: Life): DynamoDb => ({
  getItem: (input, options) => carry(() => dynamoDb.getItem(input, options), options, life),
  updateItem: (input, options) => carry(() => dynamoDb.updateItem(input, options), options, life),
});

class GivenUp extends StoreUnavailable {}

const ignore = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
