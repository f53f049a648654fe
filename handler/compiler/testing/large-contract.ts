/** A contract of many routes, each with a body whose `name` may be one character longer than that of the route before. */
export const largeContract = ({
  schemas,
  routes,
}: {
  readonly schemas: number;
  readonly routes: number;
}): string => {
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Large', version: '1' },
    'x-postern': {
      version: 1,
      upstreams: { things: { http: {} } },
      defaults: { rateLimits: [], upstream: 'things' },
    },
    security: [],
    paths: Object.fromEntries(
      range(routes).map((index) => [
        `/things-${index}`,
        {
          post: {
            requestBody: {
              content: {
                'application/json': {
                  schema: { $ref: `#/components/schemas/Thing${index % schemas}` },
                },
              },
            },
          },
        },
      ]),
    ),
    components: {
      schemas: Object.fromEntries(
        range(schemas).map((index) => [
          `Thing${index}`,
          {
            type: 'object',
            properties: {
              name: { type: 'string', maxLength: index + 1 },
              child: { $ref: `#/components/schemas/Thing${Math.floor(index / 2)}` },
            },
          },
        ]),
      ),
    },
  });
};
