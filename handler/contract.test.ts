import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planProbes, type Probe, rolesOf } from '../scripts/stack/build/plan-probes.ts';
import { safeReads, type SafeRead } from '../scripts/stack/build/safe-reads.ts';
import { contract } from './generated/contract.js';
import openapi from './generated/openapi.json' with { type: 'json' };
import { start } from './src/index.ts';
import { httpApiEvent, lambdaContext } from './testing/events.ts';
import { httpPolicies } from './testing/upstream-policy.ts';
import { startStubServices, type StubServices } from './testing/stub-services.ts';

// Generated from handler/gateway.yaml, so they apply to any contract: the handler as it starts in Lambda, with stubs
// for AWS and the services.

/** If a URL is restricted to certain hosts, no stub can replace the service, and nothing is sent. */
const isElsewhere = ({ target }: (typeof contract.routes)[number]): boolean =>
  target.kind !== 'built-in' &&
  !httpPolicies(contract).some(
    ({ name, allowedHosts }) => name === target.upstream && allowedHosts.length === 0,
  );
const elsewhere = new Set(contract.routes.filter(isElsewhere).map(({ id }) => id));
const { reads } = safeReads({ contract, openapi: JSON.stringify(openapi) });
/** Their order; the tokens are made before the tests run. */
const probesWith = (tokens: Parameters<typeof planProbes>[1]): readonly Probe[] =>
  planProbes(contract.routes, tokens).filter(({ name }) => !elsewhere.has(name));
const names = probesWith({ holder: '', stranger: '', forged: '' }).map(({ name }) => name);

let stub: StubServices;
let gateway: ReturnType<typeof start>;
let holder: string;
let probes: readonly Probe[];
const reached: string[] = [];

beforeAll(async () => {
  stub = await startStubServices({
    contract,
    service: ({ method, url }, response) => {
      reached.push(`${method} ${url}`);
      response.end('{}');
    },
  });
  gateway = start({ ...stub.environment, GATEWAY_LOG_LEVEL: 'ERROR' });
  holder = await stub.signIn('holder', { roles: rolesOf(contract.routes) });
  const stranger = await stub.signIn('stranger', { roles: ['stranger'] });
  const forged = `${holder.slice(0, holder.lastIndexOf('.'))}.${'A'.repeat(43)}`;
  probes = probesWith({ holder, stranger, forged });
});
afterAll(() => stub.stop());

let callers = 0;

/** Each from a different address, so that no limit counts them together. */
const send = async (method: string, target: string, headers: Readonly<Record<string, string>>) => {
  callers += 1;
  const clientIp = `198.51.${100 + (callers >> 8)}.${callers & 255}`;
  const [path = '', query = ''] = target.split('?');
  const event = httpApiEvent(method, path, { query, headers, clientIp });
  const { statusCode, body = '' } = await gateway(event, lambdaContext());
  const isProblem = (statusCode ?? 0) >= 400;
  const { code } = isProblem ? (JSON.parse(body) as { code?: string }) : {};
  return { statusCode, code };
};

describe('the contract at hand', () => {
  it.each(names.map((name, index) => ({ name, index })))('$name', async ({ index }) => {
    const { method, path, headers = {}, expected } = probes[index] as Probe;
    const { statusCode, code } = await send(method, path, headers);
    // A path with a placeholder either matches the schema of the route, or the response is a 400.
    const isJudged = statusCode === 200 || code === 'VALIDATION_FAILED';
    if (expected === undefined)
      expect({ statusCode, code, isJudged }).toMatchObject({ isJudged: true });
    else expect({ status: statusCode, code }).toMatchObject(expected);
  });

  const reachable = reads.filter(({ route }) => !elsewhere.has(route));
  it.each(reachable.map((read): [string, SafeRead] => [read.route, read]))(
    '%s reaches its service with the examples of its parameters',
    async (_, { path, headers, isSignedIn }) => {
      reached.length = 0;
      const token = isSignedIn ? { authorization: `Bearer ${holder}` } : {};
      expect(await send('GET', path, { ...headers, ...token })).toMatchObject({ statusCode: 200 });
      expect(reached).toEqual([expect.stringMatching(/^GET \//)]);
    },
  );
});
