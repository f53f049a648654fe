import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type PlacedOrder, setting } from './order.ts';

/** What the workflow passes to a step. */
export interface StepInput extends PlacedOrder {
  readonly action: 'do' | 'undo';
  /** The same for all attempts of one order. Send it to your service, as its idempotency key. */
  readonly key: string;
  /** How many attempts of this step have failed. */
  readonly retry: number;
}

/** The name of the error is what the workflow knows a failure by, and the reason of a rejected order. */
export const failure = (name: string): Error => Object.assign(new Error(name), { name });

const table = setting('EFFECTS_TABLE');
const dynamoDb = new DynamoDBClient();

/**
 * A step that stands for a service of yours. It has its effect once for a key, however often it is called; once undone,
 * it can have none any more, so that an attempt that is late changes nothing.
 *
 * @param refuse throws what the order has asked for, before there is an effect.
 */
export const step =
  (effect: string, refuse: (input: StepInput) => void) =>
  async (input: StepInput): Promise<void> => {
    refuse(input);
    const { partner, order, action, key } = input;
    const isDo = action === 'do';
    const attribute = isDo ? 'done_at' : 'undone_at';
    try {
      await dynamoDb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ order: `${partner}/${order.order_id}`, effect: `${effect}/${key}` }),
          UpdateExpression: `SET ${attribute} = if_not_exists(${attribute}, :now) ADD calls :one`,
          ...(isDo && { ConditionExpression: 'attribute_not_exists(undone_at)' }),
          ExpressionAttributeValues: marshall({ ':now': new Date().toISOString(), ':one': 1 }),
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw failure('AlreadyUndone');
      throw error;
    }
    console.info({ message: `${effect}: ${action}`, partner, order_id: order.order_id });
  };
