import type { MatchResult } from './match.ts';
import { GatewayError } from '../http/gateway-error.ts';
import { assertForwardablePath } from '../http/upstream-path.ts';
import type { Middleware } from '../middleware.ts';

interface Dependencies {
  readonly match: (method: string, segments: readonly string[]) => MatchResult;
}

/** Finds the request's route: 400 for a path that is unsafe for a server, 404, or 405 with `Allow`. */
export const matchRoute = ({ match }: Dependencies): Middleware => ({
  before: ({ context: { exchange } }) => {
    const { method, segments } = exchange.request;
    assertForwardablePath(segments);
    const result = match(method, segments);
    switch (result.kind) {
      case 'match':
        exchange.match = result.match;
        return;
      case 'method-not-allowed':
        throw methodNotAllowed(result.allow.toSorted().join(', '));
      case 'not-found':
        throw new GatewayError('ROUTE_NOT_FOUND', {
          detail: 'Check the path; the OpenAPI document lists every route.',
        });
    }
  },
});

const methodNotAllowed = (allow: string): GatewayError =>
  new GatewayError('METHOD_NOT_ALLOWED', {
    detail: `Allowed methods: ${allow}.`,
    headers: { allow },
  });
