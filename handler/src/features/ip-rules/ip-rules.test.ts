import { describe, expect, it } from '@jest/globals';
import { gatewayWith, nowMs, route, send, signedIn } from '../../../testing/gateway-with.ts';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import type { IpRules } from '../../http/ip-filter.ts';
import type { Feature, StoreTools } from '../../parts.ts';
import { failureLimit } from '../failure-limit/failure-limit.ts';
import { ipRules } from './ip-rules.ts';
import { ipValues } from '../../stores/ip-values.ts';

const failures = { ...limitOf(1, 60, 1), name: 'failure_limit', per: ['ip'] } as const;

/** The addresses of requests are 198.51.100.7 unless a proxy in front says another. */
const world = (rules: IpRules, proxied = '') => {
  const calls: string[] = [];
  const clock = { nowMs };
  const called = (what: string) => async (): Promise<never> => {
    calls.push(what);
    throw new Error('down');
  };
  const trustedProxy: Feature = () => ({
    before: ({ context: { exchange } }) => {
      if (proxied !== '') exchange.request = { ...exchange.request, clientIp: proxied };
    },
  });
  const it = gatewayWith({
    routes: [route('GET /', { ...signedIn(), ipRules: rules }), route('GET /open')],
    tokens: { verify: called('verify') },
    sessions: { find: called('session') },
    buckets: { take: called('bucket') },
    features: {
      trustedProxy,
      failureLimit: failureLimit(failures),
      ipRules,
    },
    now: () => clock.nowMs,
  });
  return { ...it, calls, clock };
};

const headers = { authorization: 'Bearer a.b.c' };

describe('IP rules', () => {
  it('refuse an address with 403 before the sign-in and without a call to a store', async () => {
    const it = world({ deny: ['198.51.100.0/24'] });
    for (let sent = 0; sent < 1_000; sent += 1) {
      const { statusCode, problem } = await send(it, 'GET', '/', { headers });
      expect({ statusCode, code: problem['code'] }).toEqual({ statusCode: 403, code: 'IP_DENIED' });
    }
    expect(it.calls).toEqual([]);
    expect(it.counted.filter(([name]) => name === 'requests')).toHaveLength(1_000);
  });

  it('say in the log why, with the address, at most once a second for each address', async () => {
    const it = world({ allow: ['10.0.0.0/8'] });
    for (let sent = 0; sent < 5; sent += 1) await send(it, 'GET', '/', { headers });
    it.clock.nowMs += 1_000;
    await send(it, 'GET', '/', { headers });
    const line = {
      status_code: 403,
      client_ip: '198.51.100.7',
      error_code: 'IP_DENIED',
      error: { note: 'ipRules do not allow the address' },
    };
    expect(it.lines).toEqual([
      expect.objectContaining(line),
      expect.objectContaining({ ...line, lines_left_out: 4 }),
    ]);
  });

  it('admit the addresses that they allow, and routes without rules admit all', async () => {
    const it = world({ allow: ['198.51.100.7'] });
    await send(it, 'GET', '/', { headers });
    expect(it.calls).toEqual(['verify']);
    expect((await send(it, 'GET', '/open')).statusCode).toBe(200);
  });

  it('judge the address that the proxy in front says', async () => {
    const rules = { deny: ['203.0.113.9'] };
    expect((await send(world(rules), 'GET', '/', { headers })).statusCode).not.toBe(403);
    const it = world(rules, '203.0.113.9');
    expect((await send(it, 'GET', '/', { headers })).problem['code']).toBe('IP_DENIED');
  });

  it.each([
    ['198.51.100.7, 10.0.0.0/8', undefined],
    ['10.0.0.0/8', 'IP_DENIED'],
    ['', 'IP_DENIED'],
  ])('take the addresses of ${office} from the environment: "%s"', async (office, code) => {
    const it = gatewayWith({
      routes: [route('GET /', { ipRules: { allow: ['${office}'] } })],
      features: { ipRules: (tools) => ipRules({ ...tools, ipValues: { office } }) },
    });
    expect((await send(it, 'GET', '/')).problem['code']).toBe(code);
  });
});

describe('the values of IP rules', () => {
  const read = (office: string) => {
    const misconfigurations: string[] = [];
    const open = ipValues(['office'])({
      variables: {},
      misconfigurations,
      read: (name, wanted, parse, missing) => {
        const value = office === '' ? missing : parse(office);
        if (value === undefined) misconfigurations.push(`${name} is not ${wanted}`);
        return value as NonNullable<typeof value>;
      },
    });
    return { misconfigurations, store: open({} as StoreTools).store };
  };

  it('are addresses and ranges, or none', () => {
    for (const office of ['', '10.0.0.0/8', '10.0.0.0/8, 2001:db8::1'])
      expect(read(office)).toEqual({ misconfigurations: [], store: { office } });
  });

  it.each(['office', '10.0.0.1/8', '10.0.0.0/8;11.0.0.0/8'])('cannot be "%s"', (office) => {
    expect(read(office).misconfigurations).toEqual([
      'GATEWAY_VALUE_office is not addresses or CIDR ranges, separated by commas',
    ]);
  });
});
