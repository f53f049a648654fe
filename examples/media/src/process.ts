import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { S3Event, S3EventRecord } from 'aws-lambda';
import { makeThumbnail, UnusableImage } from './thumbnail.ts';

const { THUMBNAILS_BUCKET, IMAGES_TABLE, AWS_ENDPOINT_URL } = process.env;

// An emulator has one host for all buckets.
const s3 = new S3Client({ forcePathStyle: AWS_ENDPOINT_URL !== undefined });
const dynamoDb = new DynamoDBClient();

/**
 * Makes the thumbnail of each uploaded image, and writes what is known about it. Both are the same when an event comes a
 * second time. If this throws, Lambda tries again twice, then puts the event into a queue. An image that is not usable is
 * noted as failed instead: it would fail each time.
 */
export const handler = async ({ Records }: S3Event): Promise<void> => {
  for (const upload of Records) await processUpload(upload);
};

const processUpload = async ({ s3: { bucket, object }, eventTime }: S3EventRecord) => {
  const at = { Bucket: bucket.name, Key: decodeURIComponent(object.key.replaceAll('+', ' ')) };
  const [, uploadedBy = '', id = ''] = at.Key.split('/');
  const known = { id, uploaded_by: uploadedBy, created_at: eventTime };
  try {
    const { Body } = await s3.send(new GetObjectCommand(at));
    if (Body === undefined) throw new TypeError('S3 sent no object');
    const { bytes, width, height, original } = await makeThumbnail(
      await Body.transformToByteArray(),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket: THUMBNAILS_BUCKET,
        Key: `thumbnails/${id}.webp`,
        Body: bytes,
        ContentType: 'image/webp',
        CacheControl: 'public, max-age=31536000, immutable',
      }),
    );
    const thumbnail = { type: 'image/webp', width, height, bytes: bytes.length };
    await write({ ...known, status: 'ready', ...original, thumbnail });
  } catch (error) {
    if (!(error instanceof UnusableImage)) throw error;
    console.warn({ message: 'unusable image', id, reason: error.message });
    await write({ ...known, status: 'failed', reason: error.message });
  }
};

const write = (item: Readonly<Record<string, unknown>>) =>
  dynamoDb.send(new PutItemCommand({ TableName: IMAGES_TABLE, Item: marshall(item) }));
