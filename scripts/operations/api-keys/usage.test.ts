import { describe, expect, it } from '@jest/globals';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  describeUsage,
  periodsFrom,
  planWarning,
  type Usage,
  usageAsCsv,
  usageIn,
} from './usage.ts';

const nowMs = Date.UTC(2026, 10, 29, 23, 59, 59, 999);
const planQuotas = {
  free: { limit: 1_000, period: 'day' },
  pro: { limit: 9, period: 'month' },
  none: {},
};

/** A table that is read in pages of one item. */
const clientOf = (items: Readonly<Record<string, number>>) => {
  const ids = Object.keys(items).toSorted();
  const send = async (command: unknown) => {
    if (!(command instanceof ScanCommand)) throw new TypeError('The table knows only Scan');
    const { ExclusiveStartKey: start, FilterExpression, ExpressionAttributeValues } = command.input;
    const prefixes = Object.values(ExpressionAttributeValues ?? {}).map(({ S = '?' }) => S);
    expect(FilterExpression?.split(' OR ')).toHaveLength(prefixes.length);
    const at = start === undefined ? 0 : ids.indexOf(start['usage_id']?.S ?? '') + 1;
    const id = ids[at] ?? '';
    const isMeant = prefixes.some((prefix) => id.startsWith(prefix));
    return {
      Items: isMeant ? [{ usage_id: { S: id }, used: { N: String(items[id]) } }] : [],
      ...(at + 1 < ids.length && { LastEvaluatedKey: { usage_id: { S: id } } }),
    };
  };
  return Object.assign(new DynamoDBClient({ region: 'us-east-1' }), { send });
};

const client = clientOf({
  '2026-10#pro#acme': 1,
  '2026-11#pro#globex': 12,
  '2026-11-28#free#acme': 2,
  '2026-11-29#free#acme': 500,
  '2026-11-29#gone#acme': 3,
  '2026-11-29#free#user#a#b': 4,
});
const read = (period?: string) =>
  usageIn(client, 'usage', { periods: periodsFrom(period, nowMs), planQuotas });

describe('the plan of a new key', () => {
  it('is warned of if the deployed contract has plans, and not this one', () => {
    expect(planWarning('pro', ['free'])).toMatch(/has the plans free, and not "pro"/);
    expect(planWarning('free', ['free'])).toBeUndefined();
    expect(planWarning(undefined, ['free'])).toBeUndefined();
    expect(planWarning('pro', [])).toBeUndefined();
  });
});

describe('the usage of quotas', () => {
  it('is that of the present day and month, by consumer and with the limit of the plan', async () => {
    const usage = await read();
    expect(usage).toEqual([
      { consumer: 'acme', plan: 'free', period: '2026-11-29', used: 500, limit: 1_000 },
      { consumer: 'acme', plan: 'gone', period: '2026-11-29', used: 3, limit: null },
      { consumer: 'globex', plan: 'pro', period: '2026-11', used: 12, limit: 9 },
      { consumer: 'user#a#b', plan: 'free', period: '2026-11-29', used: 4, limit: 1_000 },
    ]);
    expect(
      describeUsage(usage)
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['CONSUMER', 'PLAN', 'PERIOD', 'USED', 'LIMIT', 'USED %'],
      ['acme', 'free', '2026-11-29', '500', '1000', '50'],
      ['acme', 'gone', '2026-11-29', '3', '-', '-'],
      ['globex', 'pro', '2026-11', '12', '9', '133'],
      ['user#a#b', 'free', '2026-11-29', '4', '1000', '0'],
    ]);
    expect(describeUsage([])).toBe('Nothing was used of a quota.');
  });

  it.each([
    ['2026-11-28', ['2026-11-28']],
    ['2026-10', ['2026-10']],
    ['2026-11', ['2026-11', '2026-11-28', '2026-11-29']],
    ['2026-09', []],
  ])('of %s is that of the day, or of the month with all its days', async (period, found) => {
    const periods = (await read(period)).map((usage) => usage.period);
    expect([...new Set(periods)].toSorted()).toEqual(found);
  });

  it.each(['today', '2026', '2026-13', '2026-11-31T', '2026-11-99', '11/2026'])(
    'has no period "%s"',
    (period) => {
      expect(() => periodsFrom(period, nowMs)).toThrow(`PERIOD is "${period}"`);
    },
  );

  it('is CSV with a header, in which a text with a comma or a quote is quoted', () => {
    const usage: Usage = {
      consumer: 'acme',
      plan: 'free',
      period: '2026-11',
      used: 5,
      limit: null,
    };
    expect(usageAsCsv([usage, { ...usage, consumer: 'user#a,"b"', limit: 9 }])).toBe(
      'consumer,plan,period,used,limit\r\nacme,free,2026-11,5,\r\n"user#a,""b""",free,2026-11,5,9',
    );
  });
});
