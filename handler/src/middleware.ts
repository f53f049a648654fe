import type { MiddlewareObj } from '@middy/core';
import type { GatewayContext } from './exchange.ts';
import type { GatewayResponse } from './http/response.ts';

/** One step of the pipeline. It refuses by throwing; what it learns it writes to `context.exchange`. */
export type Middleware = MiddlewareObj<unknown, GatewayResponse, Error, GatewayContext>;
