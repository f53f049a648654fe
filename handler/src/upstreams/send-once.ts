import type { GatewayResponse } from '../http/response.ts';
import type { Connections } from './connections.ts';
import { readResponse } from './read-response.ts';
import { AttemptTimeout, ClosedUnanswered } from './upstream-failure.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/**
 * One attempt: the request out, the answer in, within the time, or the connection is destroyed. Rejects with Node's
 * error or AttemptTimeout. Answers to come (1xx) are skipped; 101 breaks the connection, as nothing was asked for.
 */
export const sendOnce = (
  connections: Connections,
  { method, path, headers, body }: OutgoingRequest,
  timeoutMs: number,
): Promise<GatewayResponse> =>
  new Promise((resolve, reject) => {
    if (timeoutMs <= 0) return reject(new AttemptTimeout());
    const request = connections.open({ method, path, headers });
    const timer = setTimeout(() => request.destroy(new AttemptTimeout()), timeoutMs);
    const settle =
      <T>(done: (outcome: T) => void) =>
      (outcome: T): void => {
        clearTimeout(timer);
        done(outcome);
      };
    request.on('error', settle(reject));
    let isAnswered = false;
    // Without an `error`, Node only closes where a 101 came that nobody asked for.
    request.on('close', () => {
      if (!isAnswered) settle(reject)(new ClosedUnanswered());
    });
    request.on('response', (message) => {
      isAnswered = true;
      readResponse(message).then(settle(resolve), settle(reject));
    });
    request.end(body);
  });
