import { createHmac } from 'node:crypto';
import { definePlugin } from 'postern/plugin';

/** Signs each request for the upstream, with a key that a plugin before this one has read. */
export default definePlugin({
  options: {
    type: 'object',
    properties: {
      key: { type: 'string', description: 'The name of the key in `internal`.' },
      header: { type: 'string', default: 'x-signature' },
    },
    required: ['key'],
    additionalProperties: false,
  },
  create: ({ key, header }) => ({
    before: async ({ event, internal }) => {
      const secret = await internal[key];
      if (typeof secret !== 'string') throw new Error('There is no signing key');
      const { body = '', isBase64Encoded, rawQueryString, requestContext } = event;
      const seconds = Math.floor(Date.now() / 1_000);
      const signature = createHmac('sha256', secret)
        .update(`${seconds}\n${requestContext.http.method}\n${rawQueryString}\n`)
        .update(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
        .digest('hex');
      event.headers[header] = `t=${seconds},v1=${signature}`;
    },
  }),
});
