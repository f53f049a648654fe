import { answerOf } from '../raw-upstream.ts';
import type { ServerResponses } from './faulty-server.ts';

const json = ['Content-Type: application/x-amz-json-1.0'];

/** DynamoDB and Secrets Manager in one, with a session of alice's and a bucket with tokens. */
export const awsResponses = (secret: string): ServerResponses => {
  const answers: ReadonlyArray<readonly [operation: string, answer: () => object]> = [
    ['DynamoDB_20120810.GetItem', () => ({ Item: aliceItem() })],
    [
      'DynamoDB_20120810.UpdateItem',
      () => ({ Attributes: { full_at: { N: `${Date.now()}000` } } }),
    ],
    ['secretsmanager.GetSecretValue', () => ({ SecretString: secret })],
  ];
  return {
    sound: (request) => {
      const answer = answers.find(([operation]) => request.includes(operation))?.[1];
      return answerOf('200 OK', JSON.stringify(answer?.() ?? {}), json);
    },
    throttled: answerOf('400 Bad Request', '{"__type":"com.amazonaws#ThrottlingException"}', json),
    broken: answerOf(
      '500 Internal Server Error',
      '{"__type":"com.amazonaws#InternalServerError"}',
      json,
    ),
  };
};

const aliceItem = () => ({
  data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }] } } },
  ttl: { N: String(Math.floor(Date.now() / 1_000) + 3_600) },
});

const serviceBody = '{"from":"the service, in its own words"}';

/** A service of the contract. */
export const upstreamResponses: ServerResponses = {
  sound: () => answerOf('200 OK', serviceBody, ['Content-Type: application/json']),
  throttled: answerOf('429 Too Many Requests', '{"slow":"down"}', ['Retry-After: 7']),
  broken: answerOf('500 Internal Server Error', '{"from":"the service"}'),
};
