import { loadContract } from './load-contract.ts';

/** Checks JSON bodies by a schema, as a route would. Each violation is `pointer detail`. */
export const judgeBy = async (schema: object, components: object = {}) => {
  const { routes } = await loadContract(
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Test', version: '1' },
      'x-postern': {
        version: 1,
        upstreams: { a: { http: {} } },
        defaults: { rateLimits: [], upstream: 'a' },
      },
      security: [],
      paths: { '/a': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
      components: { schemas: components },
    }),
  );
  const validate = routes.find(({ id }) => id === 'POST /a')?.validate;
  return (body: unknown) =>
    validate?.({
      params: {},
      query: '',
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    }).map((violation) =>
      'pointer' in violation ? `${violation.pointer} ${violation.detail}` : violation.name,
    );
};
