import { describe, expect, it } from '@jest/globals';
import { compileText as compile, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (webhook: string, { security = '[{ hook: [] }]', type = github } = {}): string =>
  `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { builds: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor] }
paths:
  /hook:
    post: { security: ${security}, x-postern: { upstream: builds } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
    hook: { ${type}, x-postern: { webhook: { ${webhook} } } }
`;

const github = 'type: apiKey, in: header, name: x-hub-signature-256';
const minimal = "scheme: github, secret: '${hook_secret}'";

describe('a security scheme for webhooks', () => {
  it('imports its own way to sign and no other, and has defaults', () => {
    const { code, warnings } = compile(contract(minimal));
    expect(code).toContain(
      'signIn = { "webhook:hook": webhookSignIn(github, {"scheme":"hook","secret":"hook_secret","consumer":"hook","toleranceSeconds":300}) }',
    );
    expect(code).not.toMatch(/stripe|standard-webhooks/);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['stripe', 'Stripe-Signature', 'webhookSignIn(stripe, '],
    ['standard-webhooks', 'webhook-signature', 'webhookSignIn(standardWebhooks, '],
  ])('can be that of %s, with a consumer and a tolerance', (scheme, header, code) => {
    const webhook = `scheme: ${scheme}, secret: '\${pay}', consumer: payments, tolerance: 1m`;
    const compiled = compile(
      contract(webhook, { type: `type: apiKey, in: header, name: ${header}` }),
    );
    expect(compiled.warnings).toEqual([]);
    expect(compiled.code).toContain(code);
    expect(compiled.code).toContain('"consumer":"payments","toleranceSeconds":60');
  });

  it('needs the ARN of its secret, in tfvars and as a variable of the function, which may read it', () => {
    const { summary } = compile(contract(minimal));
    expect(summary.values).toEqual(['hook_secret']);
    expect(summary['function_values']).toEqual(['hook_secret']);
    expect(summary['permissions']).toContainEqual({
      value: 'hook_secret',
      actions: ['secretsmanager:GetSecretValue'],
    });
  });

  it('adds the responses of a sign-in to the published document', () => {
    expect(compile(contract(minimal)).openapi).toMatchObject({
      paths: { '/hook': { post: { responses: { 401: {}, 413: {}, 503: {} } } } },
    });
  });

  it('can be an alternative to another way to sign in', () => {
    const security = '[{ hook: [] }, { session: [admin] }]';
    expect(compile(contract(minimal, { security })).code).toContain('admit-by-any.ts');
  });

  it('adds nothing to a contract that no route uses it in', () => {
    const { code, summary } = compile(contract(minimal, { security: '[{ session: [] }]' }));
    expect(code).not.toContain('webhook');
    expect(summary.values).toEqual([]);
  });

  it('is warned of if its header is not that of the signature', () => {
    const { warnings } = compile(
      contract(minimal, { type: 'type: apiKey, in: header, name: X-Key' }),
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^gateway\.yaml:14:\d+ .*in the header X-Hub-Signature-256$/),
    ]);
  });
});

describe('a mistake in a security scheme for webhooks is reported at its place:', () => {
  it.each<[webhook: string, line: number, message: RegExp, security?: string]>([
    ["secret: '${hook_secret}'", 14, /"scheme" is missing/],
    ['scheme: github', 14, /"secret" is missing — add "secret: '\$\{github_secret\}'"/],
    ['scheme: github, secret: abcdef', 14, /"secret" must be a reference such as "\$\{github_sec/],
    ["scheme: github, secret: 'x${y}'", 14, /"secret" must be a reference/],
    [minimal.replace('github', 'gitlab'), 14, /"scheme" cannot be "gitlab"/],
    [`${minimal}, tolerance: 5m`, 14, /webhooks of GitHub have no time .* — remove "tolerance"/],
    [`scheme: stripe, secret: '\${a}', tolerance: 2h`, 14, /"tolerance" is 2h/],
    [`${minimal}, consumer: 'a b'`, 14, /"consumer" must be letters, digits/],
    [`${minimal}, toleranc: 5m`, 14, /unknown key "toleranc" — did you mean "tolerance"\?/],
    [
      minimal,
      10,
      /a webhook has no roles or scopes, and nobody could call POST \/hook/,
      '[{ hook: [admin] }]',
    ],
  ])('%s', (...[webhook, line, message, security]) => {
    const text = contract(webhook, security === undefined ? {} : { security });
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(new RegExp(`^gateway\\.yaml:${line}:\\d+ {2}${message.source}`)),
    ]);
  });
});
