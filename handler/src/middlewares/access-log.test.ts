import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { gatewayWith, route, send, signedIn, tokenOfAlice } from '../../testing/gateway-with.ts';

const routes = [
  route('GET /a'),
  route('GET /b', signedIn('user')),
  route('GET /c', signedIn('admin')),
];
const asAlice = async () => ({ headers: { authorization: `Bearer ${await tokenOfAlice()}` } });

describe('the access log', () => {
  it('leaves out successes that are not sampled, and counts them all the same', async () => {
    const gateway = gatewayWith({ routes, isSampled: () => false });
    await send(gateway, 'GET', '/a');
    expect(gateway.lines).toEqual([]);
    expect(gateway.counted.map(([name]) => name)).toContain('requests');
  });

  it('never leaves out a refusal or a fault', async () => {
    const broken = async () => Promise.reject(new Error('no'));
    const gateway = gatewayWith({ routes, isSampled: () => false, forward: broken });
    await send(gateway, 'GET', '/b');
    await send(gateway, 'GET', '/nowhere');
    await send(gateway, 'GET', '/a');
    expect(gateway.lines.map((line) => line['status_code'])).toEqual([401, 404, 500]);
  });

  it('knows the client’s address where no user is known, or something went wrong', async () => {
    const gateway = gatewayWith({ routes });
    await send(gateway, 'GET', '/a');
    await send(gateway, 'GET', '/b', await asAlice());
    await send(gateway, 'GET', '/c', await asAlice());
    expect(gateway.lines.map((line) => [line['status_code'], line['client_ip']])).toEqual([
      [200, '198.51.100.7'],
      [200, undefined],
      [403, '198.51.100.7'],
    ]);
  });

  it('has no field that the README does not name', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const [, section = ''] = /^## The access log\n(.*?)^## /ms.exec(readme) ?? [];
    const gateway = gatewayWith({ routes });
    await send(gateway, 'GET', '/c', await asAlice());
    const fields = gateway.lines.flatMap((line) => Object.keys(line));
    expect(fields).toContain('client_ip');
    expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });
});
