import { onEveryResponse } from '../../middleware.ts';
import type { Feature } from '../../parts.ts';

/** Adds to the access log which targets were left out because they had failed, or failed for this request. */
export const leftOutLog: Feature = () =>
  onEveryResponse(({ context: { exchange } }) => {
    const leftOut = exchange.upstream?.leftOut;
    if (leftOut !== undefined)
      exchange.logFields = { ...exchange.logFields, upstreams_left_out: leftOut };
  });
