import { AsyncLocalStorage } from 'node:async_hooks';
import { changing, type Extension, withHeader } from './extension.ts';

/** Of the request that is being forwarded. */
const tokens = new AsyncLocalStorage<string>();

/**
 * Sends the access token that a caller signed in with on to the upstream, which checks it itself. The compiler admits it
 * only where every way to sign in verifies that token.
 */
export const forwardToken: Extension = () => () => ({
  connect: changing(async (request) => {
    const token = tokens.getStore();
    return token === undefined ? request : withHeader(request, 'authorization', token);
  }),
  around: ({ request, caller }, next) => {
    const { authorization } = request.headers;
    return caller === undefined || authorization === undefined
      ? next()
      : tokens.run(authorization, next);
  },
});
