/** A contract of many routes, each with a body whose `name` may be one character longer than that of the route before. */
export const largeContract = ({
  schemas,
  routes,
}: {
  readonly schemas: number;
  readonly routes: number;
}): string =>
  JSON.stringify({
    ...frame,
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

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const frame = {
  openapi: '3.1.0',
  info: { title: 'Large', version: '1' },
  'x-postern': {
    version: 1,
    upstreams: { things: { http: {} } },
    defaults: { rateLimits: [], upstream: 'things' },
  },
  security: [],
};

/**
 * As generators write documents: each operation spells out the same parameters, and has a body and responses of its own,
 * with descriptions and examples.
 */
export const verboseDocument = ({
  routes,
  properties,
}: {
  readonly routes: number;
  /** Of each body and response. */
  readonly properties: number;
}): object => ({
  ...frame,
  paths: Object.fromEntries(
    range(routes).map((index) => [
      `/things-${index}/{id}`,
      {
        [index % 2 === 0 ? 'get' : 'put']: {
          operationId: `thing-${index}`,
          description: `Thing ${index}. `.repeat(20),
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
            { name: 'sort', in: 'query', schema: { type: 'string', enum: ['asc', 'desc'] } },
          ],
          ...(index % 2 === 1 && { requestBody: { content: contentOf(index) } }),
          responses: { 200: { description: 'OK', content: contentOf(index) } },
        },
      },
    ]),
  ),
  components: {
    schemas: Object.fromEntries(
      range(Math.min(routes, 1_000)).map((index) => [
        `Thing${index}`,
        {
          type: 'object',
          required: ['p0'],
          properties: Object.fromEntries(
            range(properties).map((property) => [
              `p${property}`,
              {
                type: 'string',
                maxLength: index + property + 1,
                description: 'What it is for. '.repeat(20),
              },
            ]),
          ),
        },
      ]),
    ),
  },
});

const contentOf = (index: number) => ({
  'application/json': {
    schema: { $ref: `#/components/schemas/Thing${index % 1_000}` },
    example: { p0: 'one', p1: 'two', p2: 'three' },
  },
});
