import { createRetryBudget } from '../aws/retry-budget.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayRequest } from '../http/request.ts';
import { AttemptTimeout, wasUnreachable } from './upstream-failure.ts';

/** RFC 9110 §9.2.2: sent twice, these do what they do once. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const isRepeatable = ({ method, headers }: Pick<GatewayRequest, 'method' | 'headers'>): boolean =>
  idempotent.has(method) || headers['idempotency-key'] !== undefined;

interface Options<T> {
  readonly request: Pick<GatewayRequest, 'method' | 'headers'>;
  /** How many further attempts. */
  readonly retries: number;
  readonly attempt: () => Promise<T>;
}

/** Runs attempts until one succeeds, none is left, or another would do harm. */
export type Retry = <T>(options: Options<T>) => Promise<T>;

/**
 * A connection that was never made is tried again whatever the method, as nothing was sent; one that broke only where
 * the request may be sent twice. An attempt that timed out has had the time there is. The budget keeps retries to a
 * tenth of the requests, so that an upstream in trouble is not buried by them.
 */
export const createRetry = (): Retry => {
  const budget = createRetryBudget();
  return async ({ request, retries, attempt }) => {
    budget.deposit();
    for (let left = retries; ; left -= 1) {
      try {
        return await attempt();
      } catch (error) {
        const isSafe = wasUnreachable(error) || isRepeatable(request);
        const isFinal = error instanceof GatewayError || error instanceof AttemptTimeout;
        if (left <= 0 || !isSafe || isFinal || !budget.withdraw()) throw error;
      }
    }
  };
};
