import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One client for the life of the environment; the SDK keeps its connections alive. */
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
