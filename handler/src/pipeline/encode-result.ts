import { responseToResult } from '../http/response-to-result.ts';
import { type Middleware, onEveryResponse } from '../middleware.ts';

/** Puts every response into API Gateway's form. If that fails, the error takes the way of any other: 500, with its line. */
export const encodeResult = (): Middleware =>
  onEveryResponse((outgoing) => {
    outgoing.response = responseToResult(outgoing.response);
  });
