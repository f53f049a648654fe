import { tableName } from '../../environment.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { StoreKind } from '../../parts.ts';
import { numberOf, textOf } from '../dynamodb/attributes.ts';
import {
  type AttributeValue,
  ConditionNotMet,
  type DynamoDb,
  type Item,
} from '../dynamodb/dynamodb.ts';
import type { Credentials, CredentialStore, Finding } from './credential-store.ts';
import { rememberCredentials } from './remember-credentials.ts';

/** Credentials in a table of DynamoDB. */
export const dynamoDbCredentials: StoreKind<Credentials> = ({ read }) => {
  const table = read(
    'GATEWAY_CREDENTIALS_TABLE_NAME',
    'the name of the credentials table',
    tableName,
  );
  return ({ dynamoDb, now }) => ({
    store: rememberCredentials(createCredentialStore({ dynamoDb, tableName: table }), { now }),
    checks: {
      credentials_table: (deadlineMs) =>
        dynamoDb.getItem(
          { TableName: table, Key: { credential_id: { S: 'readiness-probe' } } },
          { deadlineMs },
        ),
    },
  });
};

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
}

/** Strongly consistent reads: an execution environment that starts accepts no credential that was revoked before. */
export const createCredentialStore = ({ dynamoDb, tableName }: Dependencies): CredentialStore => {
  const itemOf = (id: string) => ({ TableName: tableName, Key: { credential_id: { S: id } } });
  return {
    find: async (id, deadlineMs) => {
      const item = await dynamoDb
        .getItem({ ...itemOf(id), ConsistentRead: true }, { deadlineMs })
        .catch((cause: unknown) => {
          throw new GatewayError('CREDENTIAL_STORE_UNAVAILABLE', {
            detail: 'Try again later.',
            headers: { 'retry-after': '1' },
            cause,
          });
        });
      return item === undefined
        ? { problem: 'the credentials table has no such item' }
        : readItem(id, item);
    },
    noteUse: async (id, dayMs, deadlineMs) => {
      try {
        await dynamoDb.updateItem(
          {
            ...itemOf(id),
            UpdateExpression: 'SET last_used_at = :day',
            // A revoked credential stays removed, and of several execution environments one writes.
            ConditionExpression:
              'attribute_exists(credential_id) AND (attribute_not_exists(last_used_at) OR last_used_at < :day)',
            ExpressionAttributeValues: { ':day': { N: String(dayMs / 1_000) } },
          },
          { deadlineMs },
        );
      } catch (error) {
        if (!(error instanceof ConditionNotMet)) throw error;
      }
    },
  };
};

const readItem = (id: string, item: Item): Finding => {
  const consumer = textOf(item['consumer']);
  if (!consumer) return { problem: 'consumer is not a string' };
  const plan = textOf(item['plan']);
  if (item['plan'] !== undefined && plan === undefined) return { problem: 'plan is not a string' };
  const scopes = listOf(item['scopes']);
  if (scopes === undefined) return { problem: 'scopes is not a list or set of strings' };
  const expiresAtMs = timeOf(item['expires_at']);
  if (Number.isNaN(expiresAtMs)) return { problem: 'expires_at is not a number' };
  return {
    ...{ id, consumer, plan, scopes },
    secretHash: textOf(item['secret_hash']),
    expiresAtMs,
    lastUsedDayMs: timeOf(item['last_used_at']),
  };
};

/** Epoch milliseconds of epoch seconds. NaN for anything else. */
const timeOf = (value: AttributeValue | undefined): number | undefined =>
  value && (numberOf(value) ?? Number.NaN) * 1_000;

/** Of a list of strings, or of a string set. Undefined for anything else, but empty if there is nothing. */
const listOf = (value: AttributeValue | undefined): readonly string[] | undefined => {
  if (value === undefined) return [];
  if ('SS' in value) return value.SS;
  if (!('L' in value)) return undefined;
  const texts = value.L.flatMap((entry) => ('S' in entry ? [entry.S] : []));
  return texts.length === value.L.length ? texts : undefined;
};
