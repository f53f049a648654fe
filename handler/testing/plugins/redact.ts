import { definePlugin } from 'postern/plugin';

/** Removes fields from JSON responses, at every depth, unless the caller has a role. */
export default definePlugin({
  options: {
    type: 'object',
    properties: {
      fields: { type: 'array', items: { type: 'string' }, minItems: 1 },
      unless: { type: 'string', description: 'The role that may see them.' },
    },
    required: ['fields', 'unless'],
    additionalProperties: false,
  },
  create: ({ fields, unless }) => ({
    before: ({ event }) => {
      delete event.headers['accept-encoding']; // A compressed response cannot be read here.
    },
    after: ({ response, context }) => {
      if (context.postern.caller?.roles.includes(unless)) return;
      if (!/[/+]json\b/.test(String(response.headers?.['content-type']))) return;
      if (response.isBase64Encoded) throw new Error('The response cannot be read');
      const redacted: unknown = JSON.parse(response.body ?? 'null', (name, value: unknown) =>
        fields.includes(name) ? undefined : value,
      );
      response.body = JSON.stringify(redacted);
    },
  }),
});
