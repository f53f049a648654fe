import { ConditionNotMet, type DynamoDb } from '../stores/dynamodb/dynamodb.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';

/** The dependencies of the gateway, and whether each is available. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly keys: SigningKeys;
  /** Only if all requests must come through a proxy. */
  readonly proxySecrets?: { load(deadlineMs: number): Promise<unknown> } | undefined;
  readonly sessionTableName: string;
  readonly rateLimitTableName: string;
  readonly now: () => number;
}

/** A result is reused for this long, so frequent requests cause no further cost. */
const keepMs = 5_000;

/** The longest that a check waits. The caller's deadline may be earlier. */
const checkWithinMs = 2_000;

/** Checks each dependency by the same call that a request makes, so that permissions are checked as well. */
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
          ConditionExpression: 'attribute_exists(rate_limit_key)', // Never true: the check writes nothing.
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
