import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import { setting, type StoredOrder } from './order.ts';

const table = setting('ORDERS_TABLE');
const dynamoDb = new DynamoDBClient();

/** The caller's own order: the partner is that of the API key, which the gateway has checked. */
export const handler = async (
  event: APIGatewayProxyEventV2WithLambdaAuthorizer<{ readonly userId: string }>,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const partner = event.requestContext.authorizer.lambda.userId;
  const order_id = event.pathParameters?.['order_id'];
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: table,
      Key: marshall({ partner, order_id }),
      ConsistentRead: true,
    }),
  );
  if (Item === undefined)
    return respond(404, { title: 'There is no such order (yet)', status: 404 });
  const { status, reason, placed_at, items, amount } = unmarshall(Item) as StoredOrder;
  return respond(200, { order_id, status, reason, placed_at, items, amount });
};

const respond = (statusCode: number, body: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: {
    'content-type': statusCode < 400 ? 'application/json' : 'application/problem+json',
    'cache-control': 'no-store',
  },
  body: JSON.stringify(body),
});
