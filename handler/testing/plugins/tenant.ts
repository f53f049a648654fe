import { definePlugin, GatewayError } from 'postern/plugin';

/** Sends the tenant of the caller, a claim of the access token, to the upstream. Callers without one are refused. */
export default definePlugin({
  options: {
    type: 'object',
    properties: {
      claim: { type: 'string', default: 'tenant' },
      header: { type: 'string', default: 'x-tenant' },
    },
    additionalProperties: false,
  },
  create: ({ claim, header }) => ({
    before: ({ event, context }) => {
      const tenant = context.postern.caller?.claims?.[claim];
      if (typeof tenant !== 'string')
        throw new GatewayError('ACCESS_DENIED', { detail: 'Your account belongs to no tenant.' });
      event.headers[header] = tenant;
    },
  }),
});
