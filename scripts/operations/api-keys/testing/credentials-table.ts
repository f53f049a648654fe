import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from '@jest/globals';

type Item = Record<string, AttributeValue>;

/** The table `credentials` in memory, which is read in pages of one item; a batch leaves its second half unread. */
export const credentialsTable = () => {
  const items = new Map<string, Item>();
  const idOf = (key: Item | undefined): string => key?.['credential_id']?.S ?? '';
  const page = (found: readonly Item[], start: Item | undefined) => {
    const rest = found.filter((item) => idOf(item) > idOf(start)).toSorted(byId);
    const [first] = rest;
    const next = rest.length > 1 && { LastEvaluatedKey: { credential_id: { S: idOf(first) } } };
    return { Items: first === undefined ? [] : [first], ...next };
  };
  const byId = (a: Item, b: Item): number => (idOf(a) < idOf(b) ? -1 : 1);
  const refused = () => Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });

  const responseTo = (command: unknown): object => {
    if (command instanceof PutItemCommand) {
      const { Item: item = {}, ConditionExpression: condition } = command.input;
      expect(condition).toBe('attribute_not_exists(credential_id)');
      if (items.has(idOf(item))) throw refused();
      items.set(idOf(item), item);
      return {};
    }
    if (command instanceof GetItemCommand) return { Item: items.get(idOf(command.input.Key)) };
    if (command instanceof DeleteItemCommand) {
      const item = items.get(idOf(command.input.Key));
      items.delete(idOf(command.input.Key));
      return { Attributes: item };
    }
    if (command instanceof UpdateItemCommand) {
      const { Key, ExpressionAttributeValues: values = {} } = command.input;
      const item = items.get(idOf(Key));
      if (item === undefined) throw refused();
      const { ':expires': expires, ':ttl': ttl } = values;
      if (expires && ttl) items.set(idOf(Key), { ...item, expires_at: expires, ttl });
      return {};
    }
    if (command instanceof QueryCommand) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: start } = command.input;
      const found = [...items.values()].filter(
        ({ consumer }) => consumer?.S === values?.[':consumer']?.S,
      );
      return page(
        found.map(({ credential_id: id }) => ({ credential_id: { S: id?.S ?? '' } })),
        start,
      );
    }
    if (command instanceof ScanCommand) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: start } = command.input;
      expect(command.input.ConsistentRead).toBe(true);
      const consumer = values?.[':consumer']?.S;
      const found = [...items.values()].filter(
        (item) =>
          idOf(item).startsWith(values?.[':method']?.S ?? '?') &&
          (consumer === undefined || item['consumer']?.S === consumer),
      );
      return page(found, start);
    }
    if (command instanceof BatchGetItemCommand) {
      const keys = command.input.RequestItems?.['credentials']?.Keys ?? [];
      const [now, later] = [keys.slice(0, 1), keys.slice(1)];
      const found = now.map((key) => items.get(idOf(key))).filter((item) => item !== undefined);
      const Responses = { credentials: found };
      return {
        Responses,
        UnprocessedKeys: later.length > 0 ? { credentials: { Keys: later } } : {},
      };
    }
    throw new TypeError('The table does not know this command');
  };
  const client = Object.assign(new DynamoDBClient({ region: 'us-east-1' }), {
    send: async (command: unknown) => responseTo(command),
  });
  return { items, client };
};
