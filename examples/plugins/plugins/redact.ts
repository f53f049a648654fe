import { definePlugin } from 'postern/plugin';

/** Removes fields of a JSON response, at any depth, unless the caller has a role. */
export default definePlugin({
  options: {
    type: 'object',
    required: ['fields', 'role'],
    properties: {
      fields: { type: 'array', items: { type: 'string' } },
      role: { type: 'string' },
    },
    additionalProperties: false,
  },
  create: ({ fields, role }) => ({
    after: ({ response, context }) => {
      if (context.postern.caller?.roles.includes(role)) return;
      if (typeof response?.body !== 'string') return;
      if (!String(response.headers?.['content-type']).includes('json')) return;
      response.body = JSON.stringify(JSON.parse(response.body), (key, value: unknown) =>
        fields.includes(key) ? undefined : value,
      );
    },
  }),
});
