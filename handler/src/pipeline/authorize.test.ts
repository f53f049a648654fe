import { describe, expect, it } from '@jest/globals';
import { gatewayWith, route, send, tokenOfAlice } from '../../testing/gateway-with.ts';

const ask = async (alternatives: ReadonlyArray<readonly string[]>, roles: readonly string[]) => {
  const world = gatewayWith({
    routes: [
      route('GET /', {
        access: {
          kind: 'signed-in',
          alternatives: alternatives.map((session) => ({ session })),
          method: 'session',
        },
      }),
    ],
    sessions: { find: async ({ userId }) => ({ userId, roles }) },
  });
  return send(world, 'GET', '/', { headers: { authorization: `Bearer ${await tokenOfAlice()}` } });
};

describe('required roles', () => {
  it.each<[alternatives: string[][], roles: string[]]>([
    [[[]], []],
    [[['a', 'b']], ['c', 'b', 'a']],
    [[['a', 'b'], ['c']], ['c']],
  ])('%j accept %j', async (alternatives, roles) => {
    expect((await ask(alternatives, roles)).statusCode).toBe(200);
  });

  it.each<[alternatives: string[][], roles: string[], detail: string]>([
    [[['a']], [], 'Required: a.'],
    [[['a', 'b']], ['a'], 'Required: a and b.'],
    [[['a', 'b'], ['c']], ['b'], 'Required: a and b, or c.'],
  ])('%j refuse %j', async (alternatives, roles, detail) => {
    expect(await ask(alternatives, roles)).toMatchObject({
      statusCode: 403,
      problem: { code: 'ACCESS_DENIED', detail },
    });
  });
});
