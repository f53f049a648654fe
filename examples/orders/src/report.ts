import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { setting } from './order.ts';

const table = setting('ORDERS_TABLE');
const bucket = setting('REPORTS_BUCKET');
const dynamoDb = new DynamoDBClient();
const s3 = new S3Client();

const dayMs = 86_400_000;
const columns = ['placed_at', 'partner', 'order_id', 'status', 'reason', 'amount'];

/** Writes the orders of the day before `scheduled_at`; again, if it is called again. */
export const handler = async (event: { readonly scheduled_at: string }): Promise<string> => {
  const day = new Date(Date.parse(event.scheduled_at) - dayMs).toISOString().slice(0, 10);
  const lines = [columns.join(',')];
  const pages = paginateQuery(
    { client: dynamoDb },
    {
      TableName: table,
      IndexName: 'by-day',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: marshall({ ':day': day }),
    },
  );
  for await (const { Items = [] } of pages)
    for (const item of Items) {
      const order = unmarshall(item);
      lines.push(columns.map((column) => String(order[column] ?? '')).join(','));
    }
  const key = `${day}.csv`;
  const body = `${lines.join('\n')}\n`;
  const upload = { Bucket: bucket, Key: key, Body: body, ContentType: 'text/csv' };
  await s3.send(new PutObjectCommand(upload));
  console.info({ message: 'the report is written', key, orders: lines.length - 1 });
  return key;
};
