import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type PurgedPaths,
  purgesItem,
  purgesKey,
  readPurges,
  withPurge,
} from '../../../handler/src/stores/cache/purge-list.ts';
import type { Item } from '../../../handler/src/stores/dynamodb/dynamodb.ts';
import { type Arguments, flag } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** Reads the arguments of `make cache-purge`: exactly one of a path, the beginning of paths, and all. */
export const readPurge = (args: Arguments<'URL_PATH' | 'PREFIX' | 'ALL'>): PurgedPaths => {
  const { URL_PATH: path, PREFIX: prefix } = args;
  const given = [path, prefix, flag(args.ALL, 'ALL') || undefined];
  if (given.filter((each) => each !== undefined).length !== 1)
    throw new CommandError(
      'Say what to purge: URL_PATH=/products/1, PREFIX=/products/ for every path that begins so, or ALL=1.',
    );
  for (const [name, text] of [
    ['URL_PATH', path],
    ['PREFIX', prefix],
  ] as const)
    if (text !== undefined && !/^\/[^?#]*$/.test(text))
      throw new CommandError(
        `${name} is "${text}"; it is a path of the contract as in the log, without host, stage and query: ${name}=/products/1`,
      );
  return { ...(path !== undefined && { path }), ...(prefix !== undefined && { prefix }) };
};

export const describePurge = ({ path, prefix }: PurgedPaths): string =>
  path !== undefined
    ? `Responses for ${path}`
    : prefix !== undefined
      ? `Responses for paths that begin with ${prefix}`
      : 'All responses';

/** Adds the purge to the list that every execution environment reads. Purges at the same time do not lose each other. */
export const purgeCache = async (
  client: Pick<DynamoDBClient, 'send'>,
  TableName: string,
  paths: PurgedPaths,
): Promise<void> => {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const Key = { cache_key: { S: purgesKey } };
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true }),
    );
    const present = readPurges(Item as Item | undefined);
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          // The SDK's type is a mutable form of the same values.
          Item: purgesItem(withPurge(present, paths)) as PutItemCommand['input']['Item'],
          ConditionExpression: 'attribute_not_exists(cache_key) OR #sequence = :sequence',
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':sequence': { N: String(present.sequence) } },
        }),
      );
      return;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  throw new CommandError('Others purge at the same time. Nothing was purged: try again.');
};

const mostAttempts = 10;
