import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lambdaContext } from '../testing/events.ts';
import { differencesOf, type Place, type Returned } from '../testing/fidelity/differences.ts';
import { eventOf } from '../testing/fidelity/event-of.ts';
import { exceptions } from '../testing/fidelity/exceptions.ts';
import type { FidelityCase, Sent } from '../testing/fidelity/fidelity-case.ts';
import { fidelityCases } from '../testing/fidelity/fidelity-cases.ts';
import {
  type RecordingService,
  startRecordingService,
} from '../testing/fidelity/recording-service.ts';
import { gatewayWith, tokenOfAlice } from '../testing/gateway-with.ts';
import { loadContract } from '../testing/load-contract.ts';
import { httpPolicies } from '../testing/upstream-policy.ts';
import type { Gateway } from './gateway.ts';
import { resultLimits } from './http/response-to-result.ts';
import { createForward } from './upstreams/http/forward.ts';

let service: RecordingService;
let gateway: Gateway;
let token: string;
let place: Place;

beforeAll(async () => {
  service = await startRecordingService();
  const contract = await loadContract(
    readFileSync(join(import.meta.dirname, '../testing/open-contract.yaml'), 'utf8'),
  );
  const upstreams = Object.fromEntries(
    httpPolicies(contract).map((policy) => [policy.name, { policy, url: service.url }]),
  );
  const forward = createForward({
    limits: resultLimits,
    upstreams,
    routes: contract.routes,
    now: Date.now,
    onBreakerOpen: () => undefined,
  });
  ({ gateway } = gatewayWith({ routes: contract.routes, forward, now: Date.now }));
  token = await tokenOfAlice();
  place = {
    serviceHost: service.url.host,
    clientIp: '198.51.100.7',
    userId: 'alice',
    basePath: '/v1',
    added: new Set(),
  };
});
afterAll(() => service.close());

const send = async (sent: Sent): Promise<Returned> => {
  const authorization = ['authorization', `Bearer ${token}`] as const;
  const headers = [...(sent.headers ?? []), ...(sent.isSignedIn ? [authorization] : [])];
  const result = await gateway(eventOf({ ...sent, headers }), lambdaContext());
  return {
    status: result.statusCode ?? 0,
    headers: result.headers as Record<string, string>,
    cookies: result.cookies ?? [],
    body: Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'),
  };
};

const run = async (row: FidelityCase): Promise<readonly string[]> => {
  const { received, result } = await service.during(row.response, () => send(row.sent));
  return differencesOf(row, { received, returned: result }, place);
};

describe('through the gateway', () => {
  it.each(fidelityCases.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    expect(await run(row)).toEqual([]);
  });
});

describe('the table', () => {
  it('has a row for each exception, and no difference without an exception', () => {
    const shown = new Set(fidelityCases.map(({ exception }) => exception));
    expect(Object.keys(exceptions).filter((name) => !shown.has(name as never))).toEqual([]);
    const undeclared = fidelityCases.filter(
      ({ exception, received, returned, response }) =>
        exception === undefined &&
        (received !== undefined || (returned !== undefined && !('writes' in (response ?? {})))),
    );
    expect(undeclared.map(({ name }) => name)).toEqual([]);
  });

  it('has a name for each row', () => {
    const names = fidelityCases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('differs from the request only as docs/fidelity.md says', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/fidelity.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (?!exception \||-)(.+?) \| /gm)].map(([, what]) => what);
    expect(rows.toSorted()).toEqual(Object.values(exceptions).toSorted());
  });

  it('finds differences', async () => {
    const [row] = fidelityCases;
    if (row === undefined) throw new Error('unreachable');
    const { sent } = row;
    const broken: readonly FidelityCase[] = [
      { ...row, received: { target: '/public/y' } },
      { ...row, received: { headers: { 'x-a': 'b' } } },
      { ...row, received: 'nothing' },
      { ...row, sent: { ...sent, headers: [['x-real-ip', 'a']] } },
      { ...row, returned: { status: 201 } },
      { ...row, returned: { headers: { 'x-a': 'b' } } },
      { ...row, returned: { body: Buffer.from('finf') } },
      { ...row, response: { headers: [['server', 'x']] } },
    ];
    for (const each of broken) expect((await run(each)).length).toBeGreaterThan(0);
  });
});
