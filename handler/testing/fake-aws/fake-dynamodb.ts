import { StoreUnavailable } from '../../src/aws/aws-call.ts';
import {
  type AttributeValue,
  ConditionNotMet,
  type DynamoDb,
  type GetItem,
  type Item,
  type UpdateItem,
} from '../../src/stores/dynamodb/dynamodb.ts';
import { compileCondition, compileUpdate, type Scope } from './expressions.ts';

export interface FakeDynamoDb extends DynamoDb {
  /** Executes a call as AWS does. Throws `ConditionNotMet` or `Refusal`. */
  get(input: GetItem): Item | undefined;
  update(input: UpdateItem): Item;
  putItem(table: string, item: Item): void;
  deleteItem(table: string, key: string): void;
  clear(table: string): void;
  /** The present item, or undefined. */
  peek(table: string, key: string): Item | undefined;
  /** Calls so far. Refused writes count, because AWS bills them like any other. */
  readonly calls: { reads: number; writes: number };
}

/** A refusal by AWS. `code` is the name of its exception. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * DynamoDB in memory: it evaluates the expressions of each call atomically on arrival, and refuses everything that it
 * does not support. `tables` are names with their partition keys.
 */
export const createFakeDynamoDb = (tables: Readonly<Record<string, string>>): FakeDynamoDb => {
  const items = new Map<string, Item>();
  const calls = { reads: 0, writes: 0 };

  const addressOf = (table: string, key: Item): string => {
    const partitionKey = tables[table];
    if (partitionKey === undefined) {
      throw new Refusal('ResourceNotFoundException', `No table ${table}`);
    }
    const value = key[partitionKey];
    if (value === undefined || !('S' in value) || value.S === '') {
      throw new Refusal('ValidationException', `The key of ${table} is ${partitionKey}, a text`);
    }
    return `${table}/${value.S}`;
  };

  const change = (input: UpdateItem): Item => {
    const address = addressOf(input.TableName, input.Key);
    const before = items.get(address);
    const { nameOf, valueOf } = placeholdersOf(input);
    const scope: Scope = { attribute: (name) => before?.[nameOf(name)], value: valueOf };
    const { set, remove } = compileUpdate(input.UpdateExpression);
    const { ConditionExpression: condition } = input;
    const holds = condition === undefined || compileCondition(condition)(scope);
    const targets = set.map(({ name }) => nameOf(name));
    const removed = remove.map(nameOf);
    const twice = [...targets, ...removed].find((name, index, all) => all.indexOf(name) !== index);
    if (twice !== undefined) throw new SyntaxError(`Two paths overlap: ${twice}`);
    if (!holds) throw new ConditionNotMet(before);

    const changed: Record<string, AttributeValue> = {};
    for (const { name, to } of set) {
      const value = to(scope);
      if (value === undefined) throw new SyntaxError(`${name} is set to what the item lacks`);
      changed[nameOf(name)] = typeof value === 'number' ? { N: safeInteger(value) } : value;
    }
    const after: Record<string, AttributeValue> = { ...(before ?? input.Key), ...changed };
    for (const name of removed) delete after[name];
    items.set(address, after);
    return changed;
  };

  const get = ({ TableName, Key }: GetItem): Item | undefined => {
    calls.reads += 1;
    return items.get(addressOf(TableName, Key));
  };
  const update = (input: UpdateItem): Item => {
    calls.writes += 1;
    try {
      return change(input);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Refusal('ValidationException', error.message);
    }
  };

  return {
    calls,
    get,
    update,
    getItem: async (input) => asStore(() => get(input)),
    updateItem: async (input) => asStore(() => update(input)),
    putItem: (table, item) => void items.set(addressOf(table, item), item),
    deleteItem: (table, key) => void items.delete(`${table}/${key}`),
    clear: (table) => {
      for (const address of items.keys())
        if (address.startsWith(`${table}/`)) items.delete(address);
    },
    peek: (table, key) => items.get(`${table}/${key}`),
  };
};

const asStore = <T>(call: () => T): T => {
  try {
    return call();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new StoreUnavailable(`${cause.code}: ${cause.message}`, { cause });
  }
};

/** DynamoDB refuses undefined placeholders and unused ones. */
const placeholdersOf = (input: UpdateItem) => {
  const names = input.ExpressionAttributeNames ?? {};
  const values = input.ExpressionAttributeValues ?? {};
  const text = `${input.UpdateExpression} ${input.ConditionExpression ?? ''}`;
  const used = new Set(text.match(/[#:]\w+/g));
  const unused = Object.keys({ ...names, ...values }).find((name) => !used.has(name));
  if (unused !== undefined) throw new SyntaxError(`${unused} is given and not used`);
  return {
    nameOf: (name: string) => (name.startsWith('#') ? given(names, name) : name),
    valueOf: (name: string) => given(values, name),
  };
};

const safeInteger = (number: number): string => {
  if (Number.isSafeInteger(number)) return String(number);
  throw new SyntaxError(`Expected a safe integer, found ${number}`);
};

const given = <T>(all: Readonly<Record<string, T>>, name: string): T => {
  const value = all[name];
  if (value === undefined) throw new SyntaxError(`${name} is not given`);
  return value;
};
