import { StoreUnavailable } from '../src/aws/aws-call.ts';
import {
  type AttributeValue,
  ConditionNotMet,
  type DynamoDb,
  type GetItem,
  type Item,
  type UpdateItem,
} from '../src/stores/dynamodb/dynamodb.ts';
import { evaluate, type Inputs, resolve } from './fake-dynamodb-evaluate.ts';
import { parseCondition, parseUpdate } from './fake-dynamodb-parser.ts';

export interface FakeDynamoDb extends DynamoDb {
  putItem(table: string, item: Item): void;
  deleteItem(table: string, key: string): void;
  /** As it stands, or undefined. */
  peek(table: string, key: string): Item | undefined;
  /** Calls so far; a refused write is billed like any other, and counts. */
  readonly calls: { reads: number; writes: number };
}

/**
 * DynamoDB in memory: it truly evaluates the expressions that it is sent, each call whole at the moment it arrives, and
 * refuses what it does not know. `tables` are names with their partition keys.
 */
export const createFakeDynamoDb = (tables: Readonly<Record<string, string>>): FakeDynamoDb => {
  const items = new Map<string, Item>();
  const calls = { reads: 0, writes: 0 };

  const addressOf = (table: string, key: Item): string => {
    const partitionKey = tables[table];
    if (partitionKey === undefined) throw refusal('ResourceNotFoundException', `No table ${table}`);
    const value = key[partitionKey];
    if (value === undefined || !('S' in value) || value.S === '') {
      throw refusal('ValidationException', `The key of ${table} is ${partitionKey}, a text`);
    }
    return `${table}/${value.S}`;
  };

  const update = (input: UpdateItem): Item => {
    const address = addressOf(input.TableName, input.Key);
    const before = items.get(address);
    const inputs = inputsOf(input);
    const { set, remove } = parseUpdate(input.UpdateExpression);
    const { ConditionExpression: condition } = input;
    const holds =
      condition === undefined || evaluate(parseCondition(condition), before ?? {}, inputs);
    const targets = set.map(({ name }) => inputs.names(name));
    const removed = remove.map(inputs.names);
    const twice = [...targets, ...removed].find((name, index, all) => all.indexOf(name) !== index);
    if (twice !== undefined) throw new SyntaxError(`Two paths overlap: ${twice}`);
    if (!holds) throw new ConditionNotMet(before);

    const changed = Object.fromEntries(
      set.map(({ name, to }) => [inputs.names(name), resolve(to, before ?? {}, inputs)]),
    );
    const after: Record<string, AttributeValue> = { ...(before ?? input.Key), ...changed };
    for (const name of removed) delete after[name];
    items.set(address, after);
    return changed;
  };

  return {
    calls,
    getItem: async ({ TableName, Key }: GetItem) => {
      calls.reads += 1;
      return items.get(addressOf(TableName, Key));
    },
    updateItem: async (input: UpdateItem) => {
      calls.writes += 1;
      try {
        return update(input);
      } catch (error) {
        throw error instanceof SyntaxError ? refusal('ValidationException', error.message) : error;
      }
    },
    putItem: (table, item) => void items.set(addressOf(table, item), item),
    deleteItem: (table, key) => void items.delete(`${table}/${key}`),
    peek: (table, key) => items.get(`${table}/${key}`),
  };
};

const refusal = (code: string, message: string): StoreUnavailable =>
  new StoreUnavailable(`${code}: ${message}`);

/** DynamoDB refuses placeholders that are not given, and those that are given and not used. */
const inputsOf = (input: UpdateItem): Inputs => {
  const names = input.ExpressionAttributeNames ?? {};
  const values = input.ExpressionAttributeValues ?? {};
  const text = `${input.UpdateExpression} ${input.ConditionExpression ?? ''}`;
  const used = new Set(text.match(/[#:]\w+/g));
  const unused = [...Object.keys(names), ...Object.keys(values)].find((name) => !used.has(name));
  if (unused !== undefined) throw new SyntaxError(`${unused} is given and not used`);
  return {
    names: (name) => (name.startsWith('#') ? given(names, name) : name),
    values: (name) => given(values, name),
  };
};

const given = <T>(all: Readonly<Record<string, T>>, name: string): T => {
  const value = all[name];
  if (value === undefined) throw new SyntaxError(`${name} is not given`);
  return value;
};
