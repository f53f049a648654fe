import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const dynamoDb = new DynamoDBClient();

/** What the table knows about an image. It changes no more once it is there, so that caches may keep it. */
export const handler = async ({
  pathParameters,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: process.env['IMAGES_TABLE'],
      Key: marshall({ id: pathParameters?.['id'] }),
    }),
  );
  return Item === undefined
    ? respond(404, 'no-store', { title: 'No such image, or not yet processed', status: 404 })
    : respond(200, 'public, max-age=86400', unmarshall(Item));
};

const respond = (statusCode: number, cacheControl: string, body: object) => ({
  statusCode,
  headers: {
    'content-type': statusCode === 200 ? 'application/json' : 'application/problem+json',
    'cache-control': cacheControl,
  },
  body: JSON.stringify(body),
});
