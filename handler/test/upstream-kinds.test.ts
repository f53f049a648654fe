import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportsFolder } from '../../scripts/stack/command-line/folders.ts';
import { run } from '../../scripts/stack/command-line/run.ts';
import { judgeTargets } from '../../scripts/stack/deployment/upstream-targets.ts';
import { type LocalProvider, startLocalProvider } from '../testing/local-provider.ts';
import { deployFurtherGateway, type FurtherDeployment } from './further-deployment.ts';
import { awsOptions, deployment, signIn, someone } from './stack.ts';
import { createUpstreamResources, type UpstreamResources } from './upstream-resources.ts';

const user = someone();
let token: string;
let service: LocalProvider;
let resources: UpstreamResources;
let gateway: FurtherDeployment;
const removals: Array<() => Promise<void>> = [];

/** Requests that the HTTP services got. */
const received: Array<{
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}> = [];

/** Returns the caller; fails for `{ "fails": … }`; and reports what it got from Lambda's queue. */
const code = (reportTo: string): string => `
exports.handler = async (event) => {
  if (event.fails) throw new RangeError('secret detail');
  if (event.version !== '2.0') return { twice: event.n * 2 };
  const { rawPath, routeKey, body, requestContext } = event;
  if (routeKey === 'POST /reports') return void (await fetch('${reportTo}', { method: 'POST', body }));
  const headers = { 'content-type': 'application/json', location: '/quotes/7' };
  const { userId } = requestContext.authorizer.lambda;
  return { statusCode: 201, headers, cookies: ['seen=1; Path=/'], body: JSON.stringify({ rawPath, routeKey, userId }) };
};`;

beforeAll(async () => {
  service = await startLocalProvider((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url = '', headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-internal', 'node-7');
      const json: object = url.startsWith('/token')
        ? { access_token: 'at-1', token_type: 'Bearer', expires_in: 3_600 }
        : { url, count: received.length };
      response.writeHead(url.startsWith('/none') ? 404 : 200).end(JSON.stringify(json));
    });
  });
  removals.push(() => service.stop());
  resources = await createUpstreamResources({
    code: code(`${service.url}/report`),
    secrets: { partner_key: 'pk-1', client_secret: 'cs-1' },
    weights: { 'quotes,shop': { quotes: 0, shop: 1 } },
  });
  removals.push(() => resources.remove());
  const {
    idempotency = '',
    traffic = '',
    partner_key = '',
    client_secret = '',
    ...arns
  } = resources.arns;
  const variables = Object.fromEntries([
    ...Object.entries(arns).map(([name, arn]) => [`UPSTREAM_${name.toUpperCase()}_ARN`, arn]),
    ...['SHOP', 'PARTNER', 'MACHINE', 'SIGNED'].map((name) => [
      `UPSTREAM_${name}_SERVICE_URL`,
      service.url,
    ]),
  ]) as Record<string, string>;
  gateway = await deployFurtherGateway({
    suffix: 'upstreams',
    contractFile: join(import.meta.dirname, '../testing/every-upstream.yaml'),
    variables: {
      ...variables,
      GATEWAY_IDEMPOTENCY_TABLE_NAME: idempotency.split('/')[1] ?? '',
      GATEWAY_TRAFFIC_TABLE_NAME: traffic.split('/')[1] ?? '',
      GATEWAY_VALUE_partner_key: partner_key,
      GATEWAY_VALUE_client_secret: client_secret,
      GATEWAY_VALUE_token_url: `${service.url}/token`,
    },
    roleFor: (permissions) =>
      resources.roleFor(
        permissions.filter((each) => !('upstream' in each) || each.upstream !== 'forbidden'),
      ),
  });
  removals.push(() => gateway.remove());
  token = await signIn(['user'], { userId: user });
}, 60_000);

afterAll(async () => {
  mkdirSync(reportsFolder, { recursive: true });
  writeFileSync(join(reportsFolder, 'upstreams.txt'), transcript.join('\n'));
  // Whatever has been made if not all could be.
  for (const remove of removals.toReversed()) await remove();
});

const transcript: string[] = [];

interface Sent {
  readonly signedIn?: true;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** One request by curl, which is in the transcript. */
const curl = async (method: string, path: string, { signedIn, headers = {}, json }: Sent = {}) => {
  const lines = Object.entries({
    ...headers,
    ...(json !== undefined && { 'content-type': 'application/json' }),
  }).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const data = json === undefined ? [] : ['--data', JSON.stringify(json)];
  const bearer = signedIn ? ['-H', `authorization: Bearer ${token}`] : [];
  const url = path.startsWith('http') ? path : `${gateway.baseUrl}${path}`;
  const args = ['-sS', '-i', '-X', method, ...bearer, ...lines, ...data, url];
  const { stdout, stderr, exitCode } = await run('curl', args);
  if (exitCode !== 0) throw new Error(stderr);
  const [head = '', ...body] = stdout.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  const shown = args.slice(1).map((each) => (/[\s"{]/.test(each) ? `'${each}'` : each));
  transcript.push(`$ curl ${shown.join(' ').replaceAll(token, '$TOKEN')}`, head, '', text, '');
  const [status = '', ...fields] = head.split('\r\n');
  const entries = fields.map((line) => /^([^:]+):\s*(.*)$/.exec(line)?.slice(1) ?? []);
  return {
    status: Number(status.split(' ')[1]),
    headers: Object.fromEntries(
      entries.map(([name = '', value]) => [name.toLowerCase(), value]),
    ) as Record<string, string | undefined>,
    text,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
  };
};

const lastReceived = (path: string) => received.findLast(({ url }) => url.startsWith(path));

describe('an upstream that is a Lambda function', () => {
  it('gets the event with the caller, and its result is the response', async () => {
    const { status, headers, json } = await curl('GET', '/quotes/7?a=1', { signedIn: true });
    expect(json).toEqual({ rawPath: '/quotes/7', routeKey: 'GET /quotes/{id}', userId: user });
    expect(status).toBe(201);
    expect(headers['location']).toBe(`${new URL(gateway.baseUrl).pathname}/quotes/7`);
    expect(headers['set-cookie']).toMatch(/^seen=1; Path=\/./);
  });

  it('gets the body alone, and an error of it is a 502 that says nothing of it', async () => {
    expect(await curl('POST', '/rates', { json: { n: 21 } })).toMatchObject({
      status: 200,
      json: { twice: 42 },
    });
    const { status, json, text } = await curl('POST', '/rates', { json: { fails: true } });
    expect({ status, code: json['code'] }).toEqual({ status: 502, code: 'UPSTREAM_BAD_RESPONSE' });
    expect(text).not.toMatch(/secret|RangeError|arn:/);
  });

  it('is called later with async: true, after a 202', async () => {
    const { status, headers, json } = await curl('POST', '/reports', { json: { month: 7 } });
    expect({ status, id: json['id'] }).toEqual({ status: 202, id: headers['x-request-id'] });
    await until(() => lastReceived('/report') !== undefined);
    expect(lastReceived('/report')?.body).toBe('{"month":7}');
  });
});

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let attempt = 0; attempt < 100 && !isTrue(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
};

describe('an upstream that is a queue', () => {
  it('has the message and its attributes when the response is 202', async () => {
    const sent = { headers: { 'x-tenant': 'acme', 'content-type': 'text/csv' } };
    const { status, json } = await curl('POST', '/exports', { ...sent, json: { a: 1 } });
    expect(status).toBe(202);
    expect(await resources.take('exports')).toMatchObject({
      MessageId: json['id'],
      Body: '{"a":1}',
      MessageAttributes: { tenant: { StringValue: 'acme' } },
    });
  });

  it('of FIFO takes one message for one deduplication id, in its group', async () => {
    const order = { signedIn: true, json: { item: 'lamp' } } as const;
    const keyed = (key: string) =>
      curl('POST', '/shops/7/orders', { ...order, headers: { 'idempotency-key': key } });
    for (const key of ['k1', 'k1', 'k2']) expect((await keyed(key)).status).toBe(202);
    for (const key of ['k1', 'k2']) {
      const { Body = '', Attributes } = await resources.take('orders');
      expect(JSON.parse(Body)).toEqual({ shop: '7', order: { item: 'lamp' }, by: user });
      expect(Attributes).toMatchObject({ MessageGroupId: 'shop-7', MessageDeduplicationId: key });
    }
    expect(await curl('POST', '/shops/7/orders', order)).toMatchObject({
      status: 400,
      json: { code: 'BAD_REQUEST' },
    });
  });

  it.each(['forbidden', 'missing'])('that is %s is a 502 without an ARN', async (name) => {
    const { status, json, text } = await curl('POST', `/${name}`, { json: {} });
    expect({ status, code: json['code'] }).toEqual({ status: 502, code: 'UPSTREAM_BAD_RESPONSE' });
    expect(text).not.toMatch(/arn:|queue/i);
  });
});

describe('an upstream that tells others', () => {
  it('is a topic, whose subscribers get the message', async () => {
    const { status, json } = await curl('POST', '/news', {
      ...{ headers: { 'x-kind': 'order' }, json: { text: 'news' } },
    });
    expect({ status, id: json['id'] }).toEqual({ status: 202, id: expect.any(String) });
    expect((await resources.take('heard')).Body).toBe('{"text":"news"}');
  });

  it('is a bus, whose targets get the event', async () => {
    const { status, json } = await curl('POST', '/placed', { json: { id: 'o-1' } });
    expect(status).toBe(202);
    expect(JSON.parse((await resources.take('heard')).Body ?? '')).toMatchObject({
      id: json['id'],
      source: 'shop.web',
      'detail-type': 'OrderPlaced',
      detail: { order: 'o-1' },
    });
  });
});

describe('an upstream that is a state machine', () => {
  it('starts an execution of the given name', async () => {
    const headers = { 'idempotency-key': 'w-1' };
    const { status, json } = await curl('POST', '/workflow', { headers, json: { a: 1 } });
    expect({ status, json }).toEqual({ status: 202, json: { id: 'w-1' } });
    expect(await resources.executionOf('workflow', 'w-1')).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"a": 1}',
    });
  });

  it('responds with the output of an execution with sync: true, and with the status of an expected error', async () => {
    const known = await curl('POST', '/price', { json: { product: 'lamp' } });
    expect(known).toMatchObject({ status: 200, json: { price: { amount: 4_500 } } });
    const unknown = await curl('POST', '/price', { json: { product: 'unknown' } });
    expect(unknown).toMatchObject({ status: 404, json: { error: 'UnknownProduct' } });
  });
});

describe('an upstream that is a bucket', () => {
  it('gives a URL for an upload of one type and size, and one for the download', async () => {
    const large = await curl('POST', '/files/hello', { json: { size: 2_000 } });
    expect(large).toMatchObject({ status: 413, json: { code: 'BODY_TOO_LARGE' } });
    const { json } = await curl('POST', '/files/hello', { json: { size: 5 } });
    const { url, headers } = json as { url: string; headers: Record<string, string> };
    const uploaded = await fetch(url, { method: 'PUT', headers, body: 'hello' });
    expect(uploaded.status).toBe(200);
    const other = { ...headers, 'content-type': 'text/html' };
    expect((await fetch(url, { method: 'PUT', headers: other, body: 'hello' })).status).toBe(403);
    const { status, headers: found } = await curl('GET', '/files/hello');
    expect(status).toBe(302);
    expect(await curl('GET', found['location'] ?? '')).toMatchObject({ text: 'hello' });
  });

  it('has objects that go through the gateway, and replaces none', async () => {
    const put = (id: string, type: string) =>
      run('curl', [
        ...[
          '-sS',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          '-X',
          'PUT',
          '-H',
          `content-type: ${type}`,
        ],
        ...['--data-binary', 'hello, world', `${gateway.baseUrl}/objects/${id}`],
      ]).then(({ stdout }) => Number(stdout));
    expect(await put('new', 'text/html')).toBe(415);
    expect(await put('new', 'text/plain')).toBe(201);
    expect(await put('new', 'text/plain')).toBe(412);
    const whole = await curl('GET', '/objects/new');
    expect(whole).toMatchObject({ status: 200, text: 'hello, world' });
    const { etag = '' } = whole.headers;
    const known = await curl('GET', '/objects/new', { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    const part = await curl('GET', '/objects/new', { headers: { range: 'bytes=0-4' } });
    expect(part).toMatchObject({ status: 206, text: 'hello' });
    expect(await curl('GET', '/objects/none')).toMatchObject({
      status: 404,
      json: { code: 'OBJECT_NOT_FOUND' },
    });
  });
});

describe('what a deploy looks for', () => {
  const judge = (kind: string, arn = '') =>
    judgeTargets([{ upstream: 'some', kind, address: arn, actions: [] }], {
      options: awsOptions,
      place: { account: resources.arns['exports']?.split(':')[4] ?? '', region: deployment.region },
      where: 'local.tfvars',
    });

  it.each([
    ['eventBridge', 'placed'],
    ['lambda', 'quotes'],
    ['s3', 'files'],
    ['sns', 'news'],
    ['sqs', 'exports'],
    ['stepFunctions', 'workflow'],
  ])('is there if it exists, and missing if not: %s', async (kind, name) => {
    const arn = resources.arns[name] ?? '';
    await expect(judge(kind, arn)).resolves.toBeUndefined();
    const other = kind === 'lambda' ? arn.replace(/:\d+$/, '-none') : `${arn}-none`;
    await expect(judge(kind, other)).rejects.toThrow('Create it, or correct the ARN');
  });
});

describe('a response without an upstream', () => {
  it('is what the contract says, with the caller', async () => {
    expect(await curl('GET', '/me', { signedIn: true })).toMatchObject({
      status: 203,
      headers: { 'x-me': user },
      json: { id: user },
    });
  });

  it('is a redirect within the stage', async () => {
    const { status, headers } = await curl('GET', '/old/7');
    const path = `${new URL(gateway.baseUrl).pathname}/quotes/7`;
    expect({ status, location: headers['location'] }).toEqual({ status: 308, location: path });
  });

  it('is the example of the document', async () => {
    expect(await curl('GET', '/planned')).toMatchObject({ status: 200, json: { planned: true } });
  });
});

describe('a request to an HTTP service', () => {
  it('is changed on the way, its response as well, and the route is announced as deprecated', async () => {
    const { status, headers } = await curl('GET', '/things/7?debug=1&a=b', {
      headers: { 'x-thing': 'forged', 'x-debug': '1' },
    });
    expect(status).toBe(200);
    const { url, headers: sent } = lastReceived('/things') ?? {};
    expect(url).toBe('/things/7?a=b&api-version=2');
    expect(sent).toMatchObject({ 'x-thing': '7' });
    expect(sent).not.toHaveProperty('x-debug');
    expect(headers).not.toHaveProperty('x-internal');
    expect(headers).toMatchObject({
      deprecation: '@1793491200',
      sunset: 'Wed, 31 Mar 2027 00:00:00 GMT',
      link: '<https://example.com/migrate>; rel="deprecation"',
    });
  });

  it('is one of several whose responses are combined, without those that may fail', async () => {
    expect(await curl('GET', '/pages/7')).toMatchObject({
      status: 200,
      json: { part: { url: '/parts/7' }, lost: null, errors: [{ part: 'lost', status: 404 }] },
    });
  });

  it('goes to one of several upstreams by the weights of the table, not of the contract', async () => {
    for (let sent = 0; sent < 3; sent += 1)
      expect(await curl('GET', '/either')).toMatchObject({ status: 200, json: { url: '/either' } });
  });

  it('is carried out once for an idempotency key, and refused with another body', async () => {
    const headers = { 'idempotency-key': '"p-1"' };
    const pay = (json: object) => curl('POST', '/payments', { signedIn: true, headers, json });
    const [first, second] = [await pay({ amount: 1 }), await pay({ amount: 1 })];
    expect(second).toMatchObject({
      text: first.text,
      headers: { 'idempotent-replayed': 'true', 'x-internal': first.headers['x-internal'] },
    });
    expect(received.filter(({ url }) => url === '/payments')).toHaveLength(1);
    expect(await pay({ amount: 2 })).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('is copied to a mirror, with its own credentials', async () => {
    expect((await curl('GET', '/mirrored?a=1')).status).toBe(200);
    // The copy ends after the response, perhaps with the next request.
    await curl('GET', '/me');
    const copies = received.filter(({ url }) => url === '/mirrored?a=1');
    const [copy, real] = copies.toSorted((one) => ('x-postern-mirror' in one.headers ? -1 : 1));
    expect(copies).toHaveLength(2);
    expect(real?.headers).not.toHaveProperty('x-api-key');
    expect(copy?.headers).toMatchObject({ 'x-postern-mirror': 'true', 'x-api-key': 'pk-1' });
  });

  it('has the credentials of the gateway: a secret, an access token, a signature', async () => {
    for (const path of ['/partner', '/machine', '/machine', '/signed'])
      expect((await curl('GET', path)).status).toBe(200);
    expect(lastReceived('/partner')?.headers).toMatchObject({ 'x-api-key': 'pk-1' });
    expect(lastReceived('/machine')?.headers).toMatchObject({ authorization: 'Bearer at-1' });
    const basic = Buffer.from('gateway:cs-1').toString('base64');
    expect(received.filter(({ url }) => url === '/token')).toMatchObject([
      { headers: { authorization: `Basic ${basic}` }, body: /scope=orders/ },
    ]);
    expect(lastReceived('/signed')?.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=.*\/execute-api\/aws4_request/,
    );
  });
});
