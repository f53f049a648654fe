import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collection } from './collection.ts';
import { pictures } from './pictures.ts';
import { demoServer } from './server.ts';
import { services } from './services.ts';

let server: Server;
let base: string;

const secret = 'of the stack';
const call = (path: string, { headers, ...init }: RequestInit = {}) =>
  fetch(base + path, {
    ...init,
    headers: { authorization: `Bearer ${secret}`, ...(headers as Record<string, string>) },
  });
const put = (path: string, value: unknown) =>
  call(path, { method: 'PUT', body: JSON.stringify(value) });

beforeEach(async () => {
  const things = collection('/things', [{ id: 'one', name: 'First' }]);
  const files = pictures(/^\/pictures\/(\w+)$/, {});
  server = demoServer('things', (received) => things(received) ?? files(received), secret);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a demo upstream', () => {
  it('lists, creates, changes and deletes', async () => {
    expect(await (await call('/things')).json()).toEqual({
      items: [{ id: 'one', name: 'First' }],
      next_cursor: null,
    });
    const created = await call('/things', { method: 'POST', body: '{"name":"Second"}' });
    expect(created.status).toBe(201);
    const location = created.headers.get('location') ?? '';
    await call(location, { method: 'PATCH', body: '{"colour":"red"}' });
    expect(await (await call(location)).json()).toMatchObject({ name: 'Second', colour: 'red' });
    expect((await call(location, { method: 'DELETE' })).status).toBe(204);
    expect((await call(location)).status).toBe(404);
  });

  it('lists in pages, and by fields', async () => {
    for (const name of ['Second', 'Third']) {
      await call('/things', { method: 'POST', body: JSON.stringify({ name }) });
    }
    const page = (await (await call('/things?limit=2')).json()) as { next_cursor: string };
    expect(page).toMatchObject({ items: [{ name: 'First' }, { name: 'Second' }] });
    const rest = await call(`/things?limit=2&cursor=${page.next_cursor}`);
    expect(await rest.json()).toMatchObject({ items: [{ name: 'Third' }], next_cursor: null });
    const selected = await call('/things?name=Third&name=First');
    expect(await selected.json()).toMatchObject({ items: [{ name: 'First' }, { name: 'Third' }] });
  });

  it('refuses what it does not know', async () => {
    expect((await call('/nothing')).status).toBe(404);
    expect((await call('/things', { method: 'POST', body: '[]' })).status).toBe(400);
    const refused = await call('/things', { method: 'DELETE' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('keeps pictures, byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const headers = { 'content-type': 'image/jpeg' };
    const placeholder = await call('/pictures/a');
    expect([placeholder.status, placeholder.headers.get('content-type')]).toEqual([
      200,
      'image/png',
    ]);
    expect((await call('/pictures/a', { method: 'PUT', headers, body: bytes })).status).toBe(201);
    const back = await call('/pictures/a');
    expect(back.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await back.arrayBuffer())).toEqual(bytes);
    expect((await call('/pictures/a', { method: 'DELETE' })).headers.get('allow')).toBe(
      'GET, HEAD, PUT',
    );
    for (let index = 0; index < 50; index += 1) {
      await call(`/pictures/n${index}`, { method: 'PUT', body: 'x' });
    }
    expect((await call('/pictures/a')).headers.get('content-type')).toBe('image/png');
    expect((await call('/pictures/n0')).headers.get('content-type')).toMatch('text/plain');
  });

  it('has a picture of a product as long as the product exists', () => {
    const send = (method: string, path: string, body = '') =>
      services['products']?.({
        service: 'products',
        method,
        url: `/api/v1/products${path}`,
        path: `/api/v1/products${path}`,
        query: new URLSearchParams(),
        rawHeaders: [],
        body: Buffer.from(body),
      });
    const created = String(send('POST', '', '{}')?.headers?.['location']);
    const product = created.slice('/api/v1/products'.length);
    expect(send('GET', `${product}/picture`)).toMatchObject({ status: 200 });
    send('DELETE', product);
    expect(send('GET', `${product}/picture`)).toMatchObject({ status: 404 });
    expect(send('PUT', `${product}/picture`)).toMatchObject({ status: 404 });
  });

  it('echoes a request as it came', async () => {
    const echo = await call('/__echo?a=%2F&a=2', {
      method: 'POST',
      headers: { 'X-Thing': 'yes' },
      body: 'body',
    });
    expect(await echo.json()).toMatchObject({
      service: 'things',
      method: 'POST',
      url: '/__echo?a=%2F&a=2',
      rawHeaders: expect.arrayContaining(['X-Thing', 'yes']),
      bodyBase64: Buffer.from('body').toString('base64'),
    });
  });

  it('remembers what it received', async () => {
    await call('/things?x=1');
    expect(await (await call('/__received')).json()).toMatchObject([
      { method: 'GET', url: '/things?x=1' },
    ]);
    expect(await (await call('/__received', { method: 'DELETE' })).json()).toEqual([]);
  });

  const statusOf = (
    path: string,
    headers: OutgoingHttpHeaders,
    method = 'GET',
  ): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(base + path, { method, headers, agent: false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });

  it.each(['/__misbehaviour', '/__received', '/__echo'])(
    'shows %s to those who have the secret alone, and to no web page',
    async (path) => {
      const authorization = `Bearer ${secret}`;
      const statusWith = (headers: OutgoingHttpHeaders) => statusOf(path, headers, 'DELETE');
      expect(await statusWith({ authorization })).toBe(200);
      expect(await statusWith({})).toBe(403);
      expect(await statusWith({ authorization: 'Bearer another' })).toBe(403);
      expect(await statusWith({ authorization, origin: 'http://evil.example' })).toBe(403);
      expect(await statusWith({ authorization, 'sec-fetch-site': 'same-site' })).toBe(403);
    },
  );

  it('serves requests that a browser sent through the gateway', async () => {
    const headers = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' };
    expect(await statusOf('/things', headers)).toBe(200);
  });

  it.each(['evil.example', '127.0.0.1.evil.example:80', 'evillocalhost', '10.0.0.1', '0.0.0.0'])(
    'refuses the Host %s, under which a web page would be of the same origin',
    async (host) => {
      expect(await statusOf('/things', { host })).toBe(403);
    },
  );

  it.each(['127.0.0.1:4567', 'localhost:4567', 'users.localhost', '[::1]:4567'])(
    'serves under the Host %s',
    async (host) => {
      expect(await statusOf('/things', { host })).toBe(200);
    },
  );

  it('misbehaves for the requested number of requests', async () => {
    await put('/__misbehaviour', { status: 503, headers: { 'retry-after': '7' }, times: 1 });
    const faulty = await call('/things');
    expect([faulty.status, faulty.headers.get('retry-after')]).toEqual([503, '7']);
    expect((await call('/things')).status).toBe(200);

    await put('/__misbehaviour', { disconnect: 'before' });
    await expect(call('/things')).rejects.toThrow();
    await put('/__misbehaviour', { disconnect: 'within' });
    await expect(call('/things').then((response) => response.text())).rejects.toThrow();
    await call('/__misbehaviour', { method: 'DELETE' });
    expect((await call('/things')).status).toBe(200);
  });
});
