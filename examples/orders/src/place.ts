import { createHash } from 'node:crypto';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { SQSHandler, SQSRecord } from 'aws-lambda';
import { type PlacedOrder, setting, type StoredOrder } from './order.ts';

const table = setting('ORDERS_TABLE');
const workflow = setting('WORKFLOW_ARN');
const dynamoDb = new DynamoDBClient();
const stepFunctions = new SFNClient();

/**
 * Stores an order and starts its workflow, once however often its message comes: SQS delivers at least once, partners
 * send an order again if they got no response, and this function may end between the two calls.
 */
const place = async ({ body, attributes }: SQSRecord): Promise<void> => {
  const placed = JSON.parse(body) as PlacedOrder;
  const { partner, order } = placed;
  const digest = createHash('sha256').update(JSON.stringify(order)).digest('hex');
  const known = await store(placed, digest, new Date(Number(attributes.SentTimestamp)));
  const log = { partner, order_id: order.order_id };
  if (known !== undefined && known.digest !== digest)
    return console.warn({ message: 'another order has this id; the first one counts', ...log });
  if (known !== undefined && known.status !== 'PLACED')
    return console.info({ message: 'the order came again', ...log });
  await start(placed);
  console.info({ message: 'the order is placed', ...log });
};

/** Undefined if the order is new; otherwise what is stored of it, which stays as it is. */
const store = async (
  { partner, order }: PlacedOrder,
  digest: string,
  placedAt: Date,
): Promise<StoredOrder | undefined> => {
  const placed_at = placedAt.toISOString();
  // Without the token, which is for the payment alone.
  const { order_id, items, amount, ship_to } = order;
  const shown = { partner, order_id, items, amount, ship_to };
  const item = { ...shown, status: 'PLACED', digest, placed_at, day: placed_at.slice(0, 10) };
  try {
    await dynamoDb.send(
      new PutItemCommand({
        TableName: table,
        Item: marshall(item),
        ConditionExpression: 'attribute_not_exists(order_id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item !== undefined)
      return unmarshall(error.Item) as StoredOrder;
    throw error;
  }
};

/**
 * The name follows from the order, so a second start is recognized: Step Functions keeps a name for 90 days, far longer
 * than SQS keeps a message. Later, the order is no longer PLACED.
 */
const start = async (placed: PlacedOrder): Promise<void> => {
  const { partner, order } = placed;
  const hash = createHash('sha256').update(partner).digest('hex').slice(0, 16);
  const name = `${order.order_id}-${hash}`;
  try {
    const input = JSON.stringify(placed);
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: workflow, name, input }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

/** With what went wrong in the log; the message comes again. */
const placeOrLog = async (record: SQSRecord): Promise<void> => {
  try {
    await place(record);
  } catch (error) {
    console.error({ message: 'the order failed', message_id: record.messageId, error });
    throw error;
  }
};

const processor = new BatchProcessor(EventType.SQS);

/** Reports the messages that failed, so that only they come again. */
export const handler: SQSHandler = (event, context) =>
  processPartialResponse(event, placeOrLog, processor, { context });
