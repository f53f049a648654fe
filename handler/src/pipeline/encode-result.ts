import { responseToResult } from '../http/response-to-result.ts';
import { type Middleware, onEveryResponse } from '../middleware.ts';

/**
 * Encodes every response for API Gateway. If that fails, the error is handled like any other: 500, with its log line.
 */
export const encodeResult = (): Middleware =>
  onEveryResponse((outgoing) => {
    outgoing.response = responseToResult(outgoing.response);
  });
