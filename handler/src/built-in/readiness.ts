import { ConditionNotMet, type DynamoDb } from '../stores/dynamodb/dynamodb.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';

/** What the gateway needs before it can serve, and whether it is there. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly keys: SigningKeys;
  /** Where all requests must come through a proxy. */
  readonly proxySecrets?: { load(deadlineMs: number): Promise<unknown> } | undefined;
  readonly sessionTableName: string;
  readonly rateLimitTableName: string;
  readonly now: () => number;
}

/** An answer is kept this long: whoever asks more often gets it again, and runs up no bill. */
const keepMs = 5_000;

/** No check waits longer than this, however long the caller would, nor past the caller's deadline. */
const checkWithinMs = 2_000;

/** Asks each dependency with the very call that a request makes of it, so that permissions are tried too. */
export const createReadiness = (
  dependencies: Dependencies,
): ((deadlineMs: number) => Promise<Readiness>) => {
  let asked: { readonly atMs: number; readonly answer: Promise<Readiness> } | undefined;
  return (deadlineMs) => {
    const nowMs = dependencies.now();
    if (asked === undefined || nowMs - asked.atMs >= keepMs) {
      const checkedByMs = Math.min(deadlineMs, nowMs + checkWithinMs);
      asked = { atMs: nowMs, answer: check(dependencies, checkedByMs) };
    }
    return asked.answer;
  };
};

const check = async (dependencies: Dependencies, deadlineMs: number): Promise<Readiness> => {
  const { dynamoDb, keys, proxySecrets, sessionTableName, rateLimitTableName } = dependencies;
  const attempts: Readonly<Record<string, Promise<unknown>>> = {
    session_table: dynamoDb.getItem(
      { TableName: sessionTableName, Key: { session_id: { S: probeKey } } },
      { deadlineMs },
    ),
    rate_limit_table: dynamoDb
      .updateItem(
        {
          TableName: rateLimitTableName,
          Key: { rate_limit_key: { S: probeKey } },
          UpdateExpression: 'SET full_at = :zero',
          ConditionExpression: 'attribute_exists(rate_limit_key)', // Never: the probe writes nothing.
          ExpressionAttributeValues: { ':zero': { N: '0' } },
        },
        { deadlineMs },
      )
      .catch(unlessConditionNotMet),
    token_signing_key: keys.load(deadlineMs),
    ...(proxySecrets && { proxy_secret: proxySecrets.load(deadlineMs) }),
  };
  const names = Object.keys(attempts);
  const outcomes = await Promise.allSettled(Object.values(attempts));
  const isReady = (index: number): boolean => outcomes[index]?.status === 'fulfilled';
  return {
    ready: names.every((_, index) => isReady(index)),
    checks: Object.fromEntries(
      names.map((name, index) => [name, isReady(index) ? 'ok' : 'failed']),
    ),
  };
};

const probeKey = 'readiness-probe';

const unlessConditionNotMet = (error: unknown): void => {
  if (!(error instanceof ConditionNotMet)) throw error;
};
