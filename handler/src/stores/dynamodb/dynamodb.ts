import type { CallOptions } from '../../aws/aws-call.ts';

/** A DynamoDB item in the form of the wire protocol, such as `{ session_id: { S: 'abc' } }`. */
export type Item = Readonly<Record<string, AttributeValue>>;

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** The two calls that the gateway makes for a request, in DynamoDB's vocabulary. */
export interface DynamoDb {
  /** Undefined where there is no such item. Throws `StoreUnavailable`. */
  getItem(input: GetItem, options: CallOptions): Promise<Item | undefined>;
  /** The new attributes (`UPDATED_NEW`). Throws `ConditionNotMet` with the present item, or `StoreUnavailable`. */
  updateItem(input: UpdateItem, options: CallOptions): Promise<Item>;
}

export interface GetItem {
  readonly TableName: string;
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
}

export interface UpdateItem {
  readonly TableName: string;
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

/** The condition of a write did not hold; `item` is the present one, undefined where there is none. */
export class ConditionNotMet extends Error {
  override readonly name = 'ConditionNotMet';
  readonly item: Item | undefined;

  constructor(item: Item | undefined) {
    super('The condition of the write did not hold');
    this.item = item;
  }
}
