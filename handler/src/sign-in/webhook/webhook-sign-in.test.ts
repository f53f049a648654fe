import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { gatewayWith, nowMs, route, send } from '../../../testing/gateway-with.ts';
import { recordLog } from '../../../testing/recorded-log.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { SignInTools } from '../../parts.ts';
import { github } from './github.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import type { WebhookScheme } from './webhook-scheme.ts';
import { webhookSignIn } from './webhook-sign-in.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hook-AbCdEf';

type Secret = string | Error;

/** The real pipeline for `POST /hook`. Each read of the secret has the next text; the last one stays. */
const hookWith = (
  scheme: WebhookScheme,
  secrets: Secret | readonly Secret[],
  { now = (): number => nowMs, arnGiven = arn } = {},
) => {
  const { log, lines, lastNote: note } = recordLog();
  const texts = [secrets].flat();
  let reads = 0;
  const tools = {
    secrets: {
      getSecretString: async (id: string) => {
        expect(id).toBe(arn);
        const text = texts[Math.min(reads, texts.length - 1)];
        reads += 1;
        if (text instanceof Error) throw text;
        return text ?? '';
      },
    },
    now,
    log,
    startEndsMs: now() + 5_000,
  } as unknown as SignInTools;
  const misconfigurations: string[] = [];
  const reader = {
    variables: {},
    misconfigurations,
    read: (name: string, wanted: string, parse: (text: string) => unknown) => {
      const value = parse(arnGiven);
      if (value === undefined) misconfigurations.push(`${name} is not ${wanted}`);
      return value as never;
    },
  };
  const policy = {
    scheme: 'hook',
    secret: 'hook_secret',
    consumer: 'sender',
    toleranceSeconds: 300,
  };
  const method = webhookSignIn(scheme, policy)(reader)(tools);
  const world = gatewayWith({
    routes: [
      route('POST /hook', {
        access: {
          kind: 'signed-in',
          alternatives: [{ 'webhook:hook': [] }],
          method: 'webhook:hook',
        },
        maxBodyBytes: 2_000,
      }),
    ],
    signIn: { 'webhook:hook': method },
    respond: async ({ caller }) => ({ statusCode: 200, headers: {}, body: JSON.stringify(caller) }),
    now,
    log,
  });
  return {
    lines,
    misconfigurations,
    checks: method.checks,
    reads: () => reads,
    post: (body: string | Buffer, headers: Record<string, string> = {}) =>
      send(world, 'POST', '/hook', { headers, body }),
    note,
  };
};

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
const ofGithub = {
  scheme: github,
  secret: "It's a Secret to Everybody",
  body: 'Hello, World!',
  headers: {
    'X-Hub-Signature-256':
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  atMs: nowMs,
};

/** The tests of stripe/stripe-dotnet, `EventUtilityTest.cs`; its secret is too short to be one of the gateway's. */
const ofStripe = {
  scheme: { ...stripe, keyOf: () => Buffer.from('webhook_secret') },
  secret: 'webhook_secret  in their test',
  body: `{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
`,
  headers: {
    'Stripe-Signature':
      't=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef',
  },
  atMs: 1_533_204_620_000,
};

/** The tests of standard-webhooks/standard-webhooks, and the documentation of Svix. */
const ofStandard = {
  scheme: standardWebhooks,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  atMs: 1_614_265_330_000,
};

const vectors = [
  ['GitHub', ofGithub],
  ['Stripe', ofStripe],
  ['Standard Webhooks', ofStandard],
] as const;

describe.each(vectors)('a webhook of %s', (_, { scheme, secret, body, headers, atMs }) => {
  const hook = (secrets: Secret | readonly Secret[] = secret) =>
    hookWith(scheme, secrets, { now: () => atMs });

  it('is accepted as its documentation signs it, and its caller is the consumer', async () => {
    const { statusCode, body: caller } = await hook().post(body, headers);
    expect(statusCode).toBe(200);
    expect(JSON.parse(caller ?? '')).toMatchObject({
      userId: 'sender',
      consumer: 'sender',
      roles: [],
    });
  });

  it('is accepted if API Gateway passes its body as base64', async () => {
    expect((await hook().post(Buffer.from(body), headers)).statusCode).toBe(200);
  });

  it.each([
    ['one byte more', `${body} `],
    ['one byte less', body.slice(0, -1)],
    ['no body', ''],
  ])('is refused with %s', async (_case, other) => {
    const { post, note } = hook();
    expect((await post(other, headers)).problem['code']).toBe('CREDENTIALS_INVALID');
    expect(note()).toMatch(/fits no value of the secret/);
  });

  it('without a signature is told to send one', async () => {
    const { statusCode, problem, headers: own } = await hook().post(body);
    expect([statusCode, problem['code']]).toEqual([401, 'CREDENTIALS_MISSING']);
    expect(own?.['www-authenticate']).toBe('Webhook realm="postern"');
  });

  it('with a body above the limit of the route is 413 before the signature is computed', async () => {
    const { post } = hook(new StoreUnavailable('down'));
    expect((await post('x'.repeat(2_001), headers)).problem['code']).toBe('BODY_TOO_LARGE');
  });

  it('is 503, not 401, while the secret cannot be read', async () => {
    const { post, checks } = hook([new StoreUnavailable('down')]);
    const { statusCode, problem } = await post(body, headers);
    expect([statusCode, problem['code']]).toEqual([503, 'WEBHOOK_SECRET_UNAVAILABLE']);
    await expect(checks['webhook_secret_hook']?.(atMs + 100)).rejects.toMatchObject({
      code: 'WEBHOOK_SECRET_UNAVAILABLE',
    });
  });
});

const hex = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex');

const longSecret = 'a secret of at least sixteen characters';
const seconds = nowMs / 1_000;

describe('a secret of webhooks', () => {
  const signed = (secret: string) => ({ 'x-hub-signature-256': `sha256=${hex(secret, 'body')}` });

  it('has two values while the sender changes it, each of which is accepted', async () => {
    const { post } = hookWith(github, JSON.stringify([longSecret, `${longSecret} 2`]));
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
    expect((await post('body', signed(`${longSecret} 2`))).statusCode).toBe(200);
    expect((await post('body', signed(`${longSecret} 3`))).statusCode).toBe(401);
  });

  it('is read again for a signature that does not fit, once a minute at most', async () => {
    let atMs = nowMs;
    const next = JSON.stringify([`${longSecret} 2`, longSecret]);
    const { post, reads } = hookWith(github, [longSecret, next], { now: () => atMs });
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
    expect((await post('body', signed(`${longSecret} 2`))).statusCode).toBe(401);
    atMs += 60_000;
    expect((await post('body', signed(`${longSecret} 2`))).statusCode).toBe(200);
    for (let forged = 0; forged < 20; forged += 1) await post('body', signed(`forged ${forged}`));
    expect(reads()).toBe(2);
  });

  it('no longer counts five minutes after it was removed', async () => {
    let atMs = nowMs;
    const { post } = hookWith(github, [longSecret, `${longSecret} 2`], { now: () => atMs });
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
    atMs += 5 * 60_000;
    expect((await post('body', signed(longSecret))).statusCode).toBe(401);
  });

  it('outlives a Secrets Manager that is down', async () => {
    let atMs = nowMs;
    const { post } = hookWith(github, [longSecret, new StoreUnavailable('down')], {
      now: () => atMs,
    });
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
    atMs += 3_600_000;
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
  });

  it.each<[string, WebhookScheme, secret: string, reason: RegExp]>([
    ['is short', github, 'too short', /fewer than 16 characters/],
    ['is empty', github, '', /fewer than 16 characters/],
    [
      'is an object',
      github,
      JSON.stringify({ key: longSecret }),
      /one text, or a JSON list of 1 to 4/,
    ],
    ['is a list with a number', stripe, '[1]', /one text, or a JSON list/],
    ['is an empty list', stripe, '[]', /one text, or a JSON list/],
    ['has five values', stripe, JSON.stringify(Array(5).fill(longSecret)), /one text, or a JSON/],
    ['has an opening bracket only', stripe, `[${longSecret}`, /one text, or a JSON list/],
    ['is no base64', standardWebhooks, `whsec_${longSecret}`, /base64 of 24 to 64 bytes/],
    ['has few bytes', standardWebhooks, 'whsec_MfKQ9r8GKYqrTwjU', /base64 of 24 to 64 bytes/],
    ['is a public key', standardWebhooks, 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', /base64 of/],
  ])(
    'that %s is 503, and the log says why without a word of it',
    async (_, scheme, text, reason) => {
      const { post, lines } = hookWith(scheme, text);
      const headers = {
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
        'stripe-signature': `t=${seconds},v1=${'0'.repeat(64)}`,
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${'0'.repeat(43)}=`,
      };
      expect((await post('body', headers)).problem['code']).toBe('WEBHOOK_SECRET_UNAVAILABLE');
      const line = lines.find(
        ({ message }) => message === 'the secret of a webhook cannot be read',
      );
      expect(line).toMatchObject({
        scheme: 'hook',
        reason: expect.stringMatching(reason) as unknown,
      });
      expect(JSON.stringify(lines)).not.toMatch(/a secret of at least|MfKQ9r8G/);
    },
  );

  it('may end in a line break, as files do', async () => {
    const { post } = hookWith(github, `${longSecret}\n`);
    expect((await post('body', signed(longSecret))).statusCode).toBe(200);
  });

  it('is a misconfiguration if the environment gives no ARN', () => {
    const { misconfigurations } = hookWith(github, longSecret, { arnGiven: longSecret });
    expect(misconfigurations).toEqual([
      'GATEWAY_VALUE_hook_secret is not the whole ARN of a Secrets Manager secret',
    ]);
  });
});

const stripeHeader = (atSeconds: number | string, ...keys: readonly string[]): string =>
  [`t=${atSeconds}`, ...keys.map((key) => `v1=${hex(key, `${atSeconds}.body`)}`)].join(',');

const standardKey = Buffer.alloc(32, 7);
const standardSecret = `whsec_${standardKey.toString('base64')}`;
const standardHeaders = (
  { id = 'msg_1', at = String(seconds) },
  wrap = (own: string): string => own,
): Record<string, string> => {
  const mac = createHmac('sha256', standardKey).update(`${id}.${at}.body`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': wrap(`v1,${mac}`) };
};

describe('the time of a webhook', () => {
  it.each([
    ['as old as the tolerance', 300, 200],
    ['older', 301, 401],
    ['as far ahead as the tolerance', -300, 200],
    ['further ahead', -301, 401],
  ])('that is %s: a difference of %i s is %i', async (_, ageSeconds, status) => {
    const at = seconds - ageSeconds;
    const ofStripes = hookWith(stripe, longSecret);
    const { statusCode } = await ofStripes.post('body', {
      'stripe-signature': stripeHeader(at, longSecret),
    });
    expect(statusCode).toBe(status);
    const standard = hookWith(standardWebhooks, standardSecret);
    const response = await standard.post('body', standardHeaders({ at: String(at) }));
    expect(response.statusCode).toBe(status);
    if (status === 401)
      expect(standard.note()).toMatch(ageSeconds > 0 ? /sent longer ago/ : /future/);
  });

  it('is signed: with another one, the signature does not fit', async () => {
    const { post, note } = hookWith(stripe, longSecret);
    const header = stripeHeader(seconds - 3_600, longSecret).replace(/t=\d+/, `t=${seconds}`);
    expect((await post('body', { 'stripe-signature': header })).statusCode).toBe(401);
    expect(note()).toMatch(/fits no value/);
  });
});

describe('several signatures', () => {
  it('of Stripe are accepted if one fits', async () => {
    const { post } = hookWith(stripe, longSecret);
    const header = stripeHeader(seconds, 'the next one', longSecret, 'an old one');
    expect((await post('body', { 'stripe-signature': header })).statusCode).toBe(200);
  });

  it('of Standard Webhooks are accepted if one fits, also beside asymmetric ones', async () => {
    const { post } = hookWith(standardWebhooks, standardSecret);
    const others = `v1a,${'A'.repeat(86)}== v1,${'A'.repeat(43)}=`;
    const headers = standardHeaders({}, (own) => `${others} ${own}`);
    expect((await post('body', headers)).statusCode).toBe(200);
  });

  it('may have the names of Svix', async () => {
    const { post } = hookWith(standardWebhooks, standardSecret);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(standardHeaders({})))
      headers[name.replace('webhook', 'svix')] = value;
    expect((await post('body', headers)).statusCode).toBe(200);
  });
});

describe('a webhook whose signature is wrong in some way', () => {
  const zeros = '0'.repeat(64);
  const cases: ReadonlyArray<
    readonly [string, WebhookScheme, headers: Record<string, string>, note: RegExp]
  > = [
    [
      'GitHub, SHA-1',
      github,
      { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` },
      /not in the form/,
    ],
    [
      'GitHub, upper case',
      github,
      { 'x-hub-signature-256': `sha256=${'A'.repeat(64)}` },
      /not in the/,
    ],
    [
      'GitHub, base64',
      github,
      { 'x-hub-signature-256': `sha256=${'A'.repeat(43)}=` },
      /not in the/,
    ],
    ['GitHub, no prefix', github, { 'x-hub-signature-256': zeros }, /not in the form/],
    ['GitHub, empty', github, { 'x-hub-signature-256': '' }, /not in the form/],
    [
      'GitHub, sent twice',
      github,
      { 'x-hub-signature-256': `sha256=${zeros},sha256=${zeros}` },
      /twice/,
    ],
    ['GitHub, forged', github, { 'x-hub-signature-256': `sha256=${zeros}` }, /fits no value/],
    ['Stripe, empty', stripe, { 'stripe-signature': '' }, /timestamp/],
    ['Stripe, no time', stripe, { 'stripe-signature': `v1=${zeros}` }, /timestamp/],
    ['Stripe, time as text', stripe, { 'stripe-signature': `t=now,v1=${zeros}` }, /timestamp/],
    ['Stripe, negative time', stripe, { 'stripe-signature': `t=-1,v1=${zeros}` }, /timestamp/],
    [
      'Stripe, time in milliseconds',
      stripe,
      { 'stripe-signature': `t=${nowMs},v1=${zeros}` },
      /stamp/,
    ],
    ['Stripe, two times', stripe, { 'stripe-signature': `t=1,t=${seconds},v1=${zeros}` }, /twice/],
    ['Stripe, v0 only', stripe, { 'stripe-signature': `t=${seconds},v0=${zeros}` }, /version v1/],
    ['Stripe, short', stripe, { 'stripe-signature': `t=${seconds},v1=00` }, /version v1/],
    ['Stripe, forged', stripe, { 'stripe-signature': stripeHeader(seconds, 'x') }, /fits no value/],
    ['Standard, no id', standardWebhooks, { ...standardHeaders({}), 'webhook-id': '' }, /the id/],
    ['Standard, a dot in the id', standardWebhooks, standardHeaders({ id: 'a.b' }), /the id/],
    ['Standard, a long id', standardWebhooks, standardHeaders({ id: 'a'.repeat(257) }), /the id/],
    ['Standard, no time', standardWebhooks, standardHeaders({ at: '' }), /timestamp/],
    ['Standard, exponent', standardWebhooks, standardHeaders({ at: '1e9' }), /timestamp/],
    ['Standard, v1a', standardWebhooks, standardHeaders({}, () => `v1a,${'A'.repeat(86)}==`), /v1/],
    ['Standard, hexadecimal', standardWebhooks, standardHeaders({}, () => `v1,${zeros}`), /v1/],
    [
      'Standard, no padding',
      standardWebhooks,
      standardHeaders({}, (own) => own.slice(0, -1)),
      /v1/,
    ],
    ['Standard, commas', standardWebhooks, standardHeaders({}, (own) => `${own},${own}`), /v1/],
    [
      'Standard, another id',
      standardWebhooks,
      { ...standardHeaders({}), 'webhook-id': 'x' },
      /fits no/,
    ],
  ];

  it.each(cases)('is refused, and the log says why: %s', async (_, scheme, headers, note) => {
    const it = hookWith(scheme, scheme === standardWebhooks ? standardSecret : longSecret);
    expect((await it.post('body', headers)).problem['code']).toBe('CREDENTIALS_INVALID');
    expect(it.note()).toMatch(note);
  });
});
