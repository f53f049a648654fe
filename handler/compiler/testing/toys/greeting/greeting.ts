import type { Feature } from '../../parts.ts';

declare module '../../contract.ts' {
  interface Route {
    readonly greeting?: string;
  }
}

/** Greets the callers of routes that have a greeting. */
export const greeting: Feature = () => ({
  after: ({ response, context: { exchange } }) => {
    const text = exchange.match?.route.greeting;
    if (text !== undefined && response?.headers) response.headers['x-greeting'] = text;
  },
});
