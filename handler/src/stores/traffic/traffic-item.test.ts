import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import type { SettingsReader } from '../../environment.ts';
import { dynamoDbTraffic } from './dynamodb-traffic.ts';
import { trafficKey } from './traffic-item.ts';

const dynamoDb = createFakeDynamoDb({ traffic: 'traffic_id' });
const { store } = dynamoDbTraffic({
  variables: {},
  misconfigurations: [],
  read: ((_name: string, _wanted: string, parse: (text: string) => unknown) =>
    parse('traffic')) as SettingsReader['read'],
})({ dynamoDb, now: Date.now });

const read = (weights?: string) => {
  dynamoDb.clear('traffic');
  if (weights !== undefined)
    dynamoDb.putItem('traffic', { ...trafficKey, weights: { S: weights } });
  return store.read(Date.now() + 1_000);
};

describe('the weights in the table', () => {
  it('are none if the table has no item', async () => {
    expect(await read()).toEqual({});
  });

  it('are whole numbers by scope and upstream', async () => {
    expect(await read('{"a,b":{"a":90,"b":10}}')).toEqual({ 'a,b': { a: 90, b: 10 } });
  });

  it.each(['', '[]', 'null', '{"a,b":[1,2]}', '{"a,b":{"a":-1}}', '{"a,b":{"a":0.5}}', '{"a":1}'])(
    'are refused as a whole if they are %j',
    async (text) => {
      await expect(read(text)).rejects.toThrow();
    },
  );
});
