import {
  ConditionalCheckFailedException,
  GetItemCommand,
  type PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { compileText } from '../../../handler/compiler/testing/compile-files.ts';
import { Stopped } from '../guard/watch.ts';
import { changeAtOnce, changeWatched, goBack, type WatchedChange } from './change-traffic.ts';
import { describeTraffic, listedTraffic } from './describe-traffic.ts';
import { readTrafficRequest } from './traffic-arguments.ts';
import { chosenRoutes, presentWeights, splitRoutes, withWeights } from './traffic-lists.ts';
import { trafficTable } from './traffic-table.ts';

const contract = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { users: { http: {} }, users-next: { http: {} }, orders: { http: {} } }
  defaults: { rateLimits: [], upstream: [{ name: users, weight: 90 }, { name: users-next, weight: 10 }] }
security: []
paths:
  /users: { get: { responses: {} }, post: { responses: {} } }
  /orders: { get: { x-postern: { upstream: [{ name: users, weight: 1 }, { name: orders, weight: 1 }] }, responses: {} } }
  /plain: { get: { x-postern: { upstream: users }, responses: {} } }
`;
const routes = splitRoutes(compileText(contract).routes);
const all = { users: 50, 'users-next': 50 };
const nowMs = Date.parse('2026-11-29T12:00:00Z');

/** A table of DynamoDB in memory, as far as the command uses it. */
const tableIn = (world: { item?: PutItemCommand['input']['Item']; fail?: () => void }) =>
  trafficTable(
    {
      send: async (command: GetItemCommand | PutItemCommand) => {
        world.fail?.();
        if (command instanceof GetItemCommand) return { Item: world.item };
        const { Item, ExpressionAttributeValues: values } = command.input;
        if (world.item?.['revision']?.N !== values?.[':revision']?.N)
          throw new ConditionalCheckFailedException({ message: '', $metadata: {} });
        world.item = Item;
        return {};
      },
    },
    'traffic',
  );

const start = () => {
  const world: Parameters<typeof tableIn>[0] = {};
  const table = tableIn(world);
  const common = { table, who: 'arn:aws:iam::123456789012:user/alice', now: () => nowMs };
  const watched = (given: Partial<WatchedChange> = {}) =>
    changeWatched({
      ...common,
      next: (set) => withWeights(set, chosenRoutes(routes, { to: all }), all, false),
      what: 'TO=users=50,users-next=50',
      pauseSeconds: 0.02,
      ringing: async () => [],
      interrupted: new AbortController().signal,
      note: () => undefined,
      pause: async () => undefined,
      ...given,
    });
  return { world, table, common, watched };
};

describe('the arguments of make traffic', () => {
  it.each([
    [{}, { kind: 'show' }],
    [{ BACK: '1' }, { kind: 'back' }],
    [{ RESET: '1' }, { kind: 'reset' }],
    [
      { TO: 'users=90,users-next=10' },
      { kind: 'to', to: { users: 90, 'users-next': 10 }, route: undefined, pauseSeconds: 300 },
    ],
    [
      { TO: 'users=1,users-next=0', ROUTE: 'GET /users', PAUSE: '1m' },
      { kind: 'to', to: { users: 1, 'users-next': 0 }, route: 'GET /users', pauseSeconds: 60 },
    ],
  ])('%j are read', (args, request) => {
    expect(readTrafficRequest(args, false)).toEqual(request);
  });

  it.each([
    [{ TO: 'users=90', BACK: '1' }, 'Give one of TO, BACK and RESET.'],
    [{ RESET: '1', BACK: '1' }, 'Give one of TO, BACK and RESET.'],
    [{ ROUTE: '/users' }, 'ROUTE is for TO.'],
    [{ BACK: '1', PAUSE: '1m' }, 'PAUSE is for TO'],
    [{ TO: 'users' }, 'names of upstreams, each with a whole number from 0 to 10000'],
    [{ TO: 'users=-1,next=2' }, 'each with a whole number'],
    [{ TO: 'users=0.5,next=0.5' }, 'each with a whole number'],
    [{ TO: 'users=10001,next=1' }, 'each with a whole number'],
    [{ TO: 'users=1,users=2' }, 'users is there twice'],
    [{ TO: 'users=0,next=0' }, 'the weights add up to 0'],
    [{ TO: 'users=1,next=1', PAUSE: '13h' }, 'PAUSE is "13h"'],
  ])('%j are refused', (args, message) => {
    expect(() => readTrafficRequest(args, false)).toThrow(message);
  });
});

describe('the routes of new weights', () => {
  const idsOf = (to: Record<string, number>, route?: string) =>
    chosenRoutes(routes, { to, route }).map(({ id }) => id);

  it('are those with exactly these upstreams, or one of them', () => {
    expect(idsOf({ 'users-next': 1, users: 1 })).toEqual(['GET /users', 'POST /users']);
    expect(idsOf(all, 'GET /users')).toEqual(['GET /users']);
    expect(idsOf(all, '/users')).toEqual(['GET /users', 'POST /users']);
  });

  it('must have them: the command lists what there is', () => {
    expect(() => idsOf({ users: 1, 'user-next': 1 })).toThrow(
      /"user-next" is in none of them — did you mean "users-next"\?\nThe lists are:\n {2}users,users-next\n {2}orders,users$/,
    );
    expect(() => idsOf({ users: 1 })).toThrow('name all of a list, with 0 for those');
    expect(() => idsOf(all, 'GET /plain')).toThrow(
      'ROUTE is "GET /plain"; the routes with several upstreams are:',
    );
  });

  it('that are set together replace those that were set for one route', () => {
    const chosen = chosenRoutes(routes, { to: all, route: 'GET /users' });
    const ofRoute = withWeights({}, chosen, { users: 1, 'users-next': 0 }, true);
    expect(ofRoute).toEqual({ 'GET /users': { users: 1, 'users-next': 0 } });
    expect(withWeights(ofRoute, chosenRoutes(routes, { to: all }), all, false)).toEqual({
      'users,users-next': all,
    });
  });

  it('are shown as the gateway uses them', () => {
    const set = { 'users,users-next': all, 'POST /users': { users: 1, gone: 1 } };
    expect(routes.map((route) => presentWeights(route, set))).toEqual([
      all,
      all,
      { users: 1, orders: 1 },
    ]);
    expect(listedTraffic(routes, set)[0]).toEqual({
      route: 'GET /users',
      weights: all,
      contract_weights: { users: 90, 'users-next': 10 },
    });
  });
});

describe('a change of weights', () => {
  it('stays if no alarm rings while it is watched', async () => {
    const { table, watched } = start();
    const during: unknown[] = [];
    await watched({
      ringing: async () => {
        during.push((await table.read()).watchedUntil);
        return [];
      },
    });
    expect(during).toEqual([undefined, '2026-11-29T12:00:00Z', '2026-11-29T12:00:00Z']);
    const stored = await table.read();
    expect(stored).toMatchObject({ weights: { 'users,users-next': all } });
    expect(stored).not.toHaveProperty('watchedUntil');
    expect(describeTraffic(routes, stored)).toMatch(
      /^ROUTE +NOW +CONTRACT\nGET \/users +users 50 %, users-next 50 % +users 90 %, users-next 10 %\n[^]*\n\nLast change: TO=users=50,users-next=50, 2026-11-29T12:00:00Z, arn:aws:iam::123456789012:user\/alice$/,
    );
  });

  it('is undone by an alarm, which is passed on', async () => {
    const { table, watched } = start();
    let looks = 0;
    const ringing = async () => ((looks += 1) > 1 ? ['postern-dev-api-5xx-rate'] : []);
    await expect(watched({ ringing })).rejects.toThrow(Stopped);
    expect(await table.read()).toMatchObject({ weights: {}, changes: [] });
  });

  it('is undone by Ctrl-C, and if the alarms cannot be read', async () => {
    for (const given of [
      { interrupted: AbortSignal.abort() },
      {
        ringing: (() => {
          let looks = 0;
          return async () => {
            if ((looks += 1) > 1) throw new Error('AccessDenied');
            return [];
          };
        })(),
      },
    ]) {
      const { table, watched } = start();
      await expect(watched(given)).rejects.toThrow();
      expect(await table.read()).toMatchObject({ weights: {}, changes: [], revision: 2 });
    }
  });

  it('is undone although the table fails for a while', async () => {
    const { world, table, watched } = start();
    let failures = 0;
    let looks = 0;
    const ringing = async () => {
      looks += 1;
      if (looks < 2) return [];
      world.fail = () => {
        if ((failures += 1) <= 3) throw new Error('unreachable');
      };
      return ['postern-dev-api-5xx-rate'];
    };
    await expect(watched({ ringing })).rejects.toThrow('These alarms are on');
    expect(await table.read()).toMatchObject({ weights: {} });
  });

  it('does not begin while an alarm is on, or while another is watched', async () => {
    const { table, watched, world } = start();
    await expect(watched({ ringing: async () => ['a'] })).rejects.toThrow(
      'These alarms are on: a. Nothing was changed',
    );
    expect(world.item).toBeUndefined();
    let second: Promise<unknown> | undefined;
    await watched({
      pauseSeconds: 60,
      ringing: async () => [],
      note: () => {
        second = watched().catch((error: unknown) => error);
      },
      interrupted: AbortSignal.timeout(50),
    }).catch(() => undefined);
    expect(String(await second)).toContain('is watched until 2026-11-29T12:01:00Z');
    expect((await table.read()).changes).toEqual([]);
  });

  it('of another command in the meantime is left as it is', async () => {
    const { table, watched, common } = start();
    let looks = 0;
    const ringing = async () => {
      looks += 1;
      if (looks === 2) await changeAtOnce({ ...common, what: 'RESET=1', next: () => ({}) });
      return looks > 1 ? ['late'] : [];
    };
    await expect(watched({ ringing })).rejects.toThrow(Stopped);
    expect((await table.read()).changes.map(({ what }) => what)).toEqual([
      'RESET=1',
      'TO=users=50,users-next=50',
    ]);
  });
});

describe('the way back', () => {
  it('undoes one change after the other, also a reset', async () => {
    const { table, watched, common } = start();
    await watched();
    await changeAtOnce({ ...common, what: 'RESET=1', next: () => ({}) });
    expect(await goBack(table)).toMatchObject({ what: 'RESET=1' });
    expect((await table.read()).weights).toEqual({ 'users,users-next': all });
    await goBack(table);
    expect((await table.read()).weights).toEqual({});
    await expect(goBack(table)).rejects.toThrow('there is no way back');
  });

  it('knows the last ten changes, so that the item stays small', async () => {
    const { table, common } = start();
    for (let count = 0; count < 12; count += 1)
      await changeAtOnce({ ...common, what: `change ${count}`, next: () => ({}) });
    const { changes } = await table.read();
    expect(changes.map(({ what }) => what)).toHaveLength(10);
    expect(changes[0]?.what).toBe('change 11');
  });
});
