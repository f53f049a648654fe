const contract = (
  root: string,
  operation: string,
  schemes = '{}',
  method = 'get',
  upstream = 'http: {}',
): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { ${upstream} } }
  ${root}
paths:
  /orders:
    ${method}: { ${operation} }
components:
  securitySchemes: ${schemes}
`;

const noLimit = 'failureLimit: false\n  defaults: { upstream: orders, rateLimits: [] }';

/** Contracts that each need something else of AWS: a part that calls AWS needs one here. */
export const contractsByFeature: Readonly<Record<string, string>> = {
  'no sign-in and no limit': contract(noLimit, 'security: []'),
  'failure limit': contract('defaults: { upstream: orders, rateLimits: [] }', 'security: []'),
  'rate limit': contract(
    'failureLimit: false\n  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }\n  defaults: { upstream: orders, rateLimits: [visitor] }',
    'security: []',
  ),
  session: contract(
    noLimit,
    'security: [{ session: [] }]',
    '{ session: { type: http, scheme: bearer, x-postern: { session: {} } } }',
  ),
  'a session scheme that no route needs': contract(
    noLimit,
    'security: []',
    '{ session: { type: http, scheme: bearer, x-postern: { session: {} } } }',
  ),
  jwt: contract(
    noLimit,
    'security: [{ oauth: [] }]',
    '{ oauth: { type: oauth2, flows: {}, x-postern: { jwt: { issuer: https://login.example.com, audiences: [shop], algorithms: [RS256] } } } }',
  ),
  'API keys': contract(
    noLimit,
    'security: [{ partner: [] }]',
    '{ partner: { type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} } } }',
  ),
  basic: contract(
    noLimit,
    'security: [{ partner: [] }]',
    '{ partner: { type: http, scheme: basic, x-postern: { basic: {} } } }',
  ),
  'sign-in for browsers': contract(
    `${noLimit}\n  builtIn: { signIn: { issuer: https://login.example.com, clientId: web, clientSecret: '\${client_secret}', returnTo: [/], session: { idle: 30m } } }`,
    'security: []',
  ),
  sns: contract(noLimit, 'security: []', '{}', 'post', 'sns: {}'),
  eventBridge: contract(
    noLimit,
    'security: []',
    '{}',
    'post',
    'eventBridge: { source: shop, detailType: Placed }',
  ),
  'downloads from a bucket': contract(
    noLimit,
    "security: [], x-postern: { s3: { key: 'exports/{$request.id}' } }",
    '{}',
    'get',
    's3: {}',
  ),
  'uploads to a bucket': contract(
    noLimit,
    "security: [], x-postern: { s3: { key: 'uploads/{$request.id}', upload: { type: text/csv, size: '$request.header.x-size', maxSize: 1MiB } } }, parameters: [{ name: x-size, in: header, schema: {} }]",
    '{}',
    'post',
    's3: {}',
  ),
  'objects of a bucket': contract(
    noLimit,
    "security: [], x-postern: { s3: { key: 'exports/{$request.id}', transfer: proxied } }",
    '{}',
    'get',
    's3: {}',
  ),
  'uploads to a bucket through the gateway': contract(
    noLimit,
    "security: [], x-postern: { s3: { key: 'uploads/{$request.id}', transfer: proxied, upload: { types: [text/csv] } } }, requestBody: { content: { 'text/csv': {} } }",
    '{}',
    'put',
    's3: {}',
  ),
  sqs: contract(noLimit, 'security: []', '{}', 'post', 'sqs: {}'),
  'stepFunctions, waiting for one execution and not for another': contract(
    'failureLimit: false\n  defaults: { rateLimits: [] }',
    'security: [], x-postern: { upstream: orders }',
    '{}',
    'post',
    'stepFunctions: {}',
  )
    .replace('upstreams: {', 'upstreams: { quotes: { stepFunctions: { sync: true } },')
    .replace(
      'components:',
      '  /quotes:\n    post: { security: [], x-postern: { upstream: quotes } }\ncomponents:',
    ),
  'several upstreams for a route': contract(
    'failureLimit: false\n  defaults: { upstream: [{ name: orders, weight: 90 }, { name: quotes, weight: 10 }], rateLimits: [] }',
    'security: []',
  ).replace('upstreams: {', 'upstreams: { quotes: { lambda: {} },'),
  lambda: contract(noLimit, 'security: []', '{}', 'get', 'lambda: {}'),
  'a mirror that is a function': contract(
    noLimit,
    'security: [], x-postern: { mirror: { upstream: next, percent: 5 } }',
  ).replace('upstreams: {', 'upstreams: { next: { lambda: {} },'),
  'plans with a quota': contract(
    `failureLimit: false
  plans: { free: { quota: { limit: 10, period: day } } }
  defaults: { upstream: orders, rateLimits: [] }`,
    'security: [{ session: [] }]',
    '{ session: { type: http, scheme: bearer, x-postern: { session: {} } } }',
  ),
  'plans with rate limits': contract(
    `failureLimit: false
  rateLimits: { slow: { per: [caller], limit: 10, window: 60s } }
  plans: { free: { rateLimits: [slow] } }
  defaults: { upstream: orders, rateLimits: [] }`,
    'security: [{ session: [] }]',
    '{ session: { type: http, scheme: bearer, x-postern: { session: {} } } }',
  ),
  webhook: contract(
    noLimit,
    'security: [{ hook: [] }]',
    "{ hook: { type: apiKey, in: header, name: X-Hub-Signature-256, x-postern: { webhook: { scheme: github, secret: '${hook_secret}' } } } }",
  ),
  'client certificates in the table': contract(
    noLimit,
    'security: [{ partners: [] }]',
    '{ partners: { type: mutualTLS, x-postern: { mutualTls: {} } } }',
  ),
  'client certificates in the contract': contract(
    noLimit,
    'security: [{ partners: [] }]',
    "{ partners: { type: mutualTLS, x-postern: { mutualTls: { certificates: { acme: { subject: 'CN=a' } } } } } }",
  ),
  idempotency: contract(
    noLimit,
    'security: [{ session: [] }], x-postern: { idempotency: { ttl: 24h } }',
    '{ session: { type: http, scheme: bearer, x-postern: { session: {} } } }',
    'post',
  ),
  'a cache in memory': contract(noLimit, 'security: [], x-postern: { cache: {} }'),
  'a cache in a table': contract(noLimit, 'security: [], x-postern: { cache: { store: table } }'),
  'signed requests': contract(
    noLimit,
    'security: [{ signed: [] }]',
    '{ signed: { type: apiKey, in: header, name: Authorization, x-postern: { iam: {} } } }',
  ),
  'credentials for an upstream': contract(noLimit, 'security: []').replace(
    'http: {}',
    "http: {}, credentials: { header: X-Api-Key, secret: '${key}' }, ca: '${ca}'",
  ),
};
