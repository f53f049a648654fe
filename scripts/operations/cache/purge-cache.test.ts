import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import {
  isPurged,
  noPurges,
  type PurgeList,
  purgesItem,
  readPurges,
  withPurge,
} from '../../../handler/src/stores/cache/purge-list.ts';
import type { Item } from '../../../handler/src/stores/dynamodb/dynamodb.ts';
import { describePurge, purgeCache, readPurge } from './purge-cache.ts';

/** A table with one item, to which another command may write just before. */
const table = (...others: ReadonlyArray<() => void>) => {
  const world: { item: Item | undefined } = { item: undefined };
  const before = [...others];
  const client = {
    send: async (command: unknown) => {
      if (command instanceof GetItemCommand) return { Item: world.item };
      if (!(command instanceof PutItemCommand)) throw new TypeError('Another command');
      before.shift()?.();
      const { Item: item, ExpressionAttributeValues: values } = command.input;
      if (
        world.item !== undefined &&
        readPurges(world.item).sequence !== Number(values?.[':sequence']?.N)
      )
        throw new ConditionalCheckFailedException({ message: '', $metadata: {} });
      world.item = item as Item;
      return {};
    },
  } as unknown as Pick<DynamoDBClient, 'send'>;
  return { world, client, list: () => readPurges(world.item) };
};

describe('a purge of the cache', () => {
  it('is added to those that there are', async () => {
    const { client, list } = table();
    await purgeCache(client, 'cache', { path: '/a' });
    await purgeCache(client, 'cache', { prefix: '/b/' });
    expect(list()).toEqual({
      sequence: 2,
      floor: 0,
      purges: [
        { sequence: 1, path: '/a' },
        { sequence: 2, prefix: '/b/' },
      ],
    });
    await purgeCache(client, 'cache', {});
    expect(list()).toEqual({ sequence: 3, floor: 3, purges: [] });
  });

  it('does not lose one at the same time', async () => {
    const other = (): void => {
      world.item = purgesItem(withPurge(noPurges, { path: '/other' }));
    };
    const { client, world, list } = table(other);
    await purgeCache(client, 'cache', { path: '/own' });
    expect(list().purges.map(({ path }) => path)).toEqual(['/other', '/own']);
  });

  it('gives up without a change where others purge again and again', async () => {
    let count = 0;
    const other = (): void => {
      count += 1;
      world.item = purgesItem({ sequence: count, floor: 0, purges: [] });
    };
    const { client, world } = table(...Array<() => void>(20).fill(other));
    await expect(purgeCache(client, 'cache', {})).rejects.toThrow('try again');
    expect(count).toBe(10);
  });

  it.each<[Parameters<typeof readPurge>[0], ReturnType<typeof readPurge>, string]>([
    [{ URL_PATH: '/products/1' }, { path: '/products/1' }, 'Responses for /products/1'],
    [
      { PREFIX: '/products/' },
      { prefix: '/products/' },
      'Responses for paths that begin with /products/',
    ],
    [{ ALL: '1' }, {}, 'All responses'],
  ])('is read from %j', (args, paths, text) => {
    expect(readPurge(args)).toEqual(paths);
    expect(describePurge(paths)).toBe(text);
  });

  it.each([
    [{}, 'Say what to purge: URL_PATH=/products/1, PREFIX=/products/'],
    [{ ALL: '0' }, 'Say what to purge'],
    [{ ALL: '1', URL_PATH: '/a' }, 'Say what to purge'],
    [{ URL_PATH: 'products' }, 'URL_PATH is "products"; it is a path of the contract'],
    [{ URL_PATH: '/a?b=1' }, 'without host, stage and query'],
    [{ PREFIX: 'https://api.example.com/a' }, 'PREFIX is "https://api.example.com/a"'],
  ])('is refused for %j', (args, message) => {
    expect(() => readPurge(args)).toThrow(message);
  });
});

describe('a list of purges', () => {
  it('has no more than 100: what was requested before the oldest of them is purged as a whole', () => {
    let list: PurgeList = noPurges;
    for (let index = 1; index <= 103; index += 1) list = withPurge(list, { path: `/${index}` });
    expect(list).toMatchObject({ sequence: 103, floor: 3 });
    expect(list.purges).toHaveLength(100);
    expect(isPurged(list, { sequence: 2, path: '/other' })).toBe(true);
    expect(isPurged(list, { sequence: 3, path: '/other' })).toBe(false);
    expect(isPurged(list, { sequence: 3, path: '/4' })).toBe(true);
    expect(isPurged(list, { sequence: 4, path: '/4' })).toBe(false);
  });

  it('purges every path with a prefix, and no other', () => {
    const list = withPurge(noPurges, { prefix: '/a/' });
    const purged = ['/a/', '/a/b', '/a', '/b'].map((path) => isPurged(list, { sequence: 0, path }));
    expect(purged).toEqual([true, true, false, false]);
  });

  it('is the same after it was stored', () => {
    const list = withPurge(withPurge(withPurge(noPurges, {}), { path: '/a' }), { prefix: '/b' });
    expect(readPurges(purgesItem(list))).toEqual(list);
    expect(readPurges(undefined)).toEqual(noPurges);
  });
});
