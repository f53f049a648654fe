import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { NewSession } from '../../scripts/operations/sessions/session.ts';
import { functionEnvironment } from './function-environment.ts';

export interface SharedAws {
  readonly secret: { text: string };
  readonly sessions: Map<string, NewSession['item']>;
  /** The variables of each environment; all speak to this one server. */
  readonly environments: readonly NodeJS.ProcessEnv[];
  readonly leastSecondsBetweenReads: () => number;
  stop(): void;
}

/** DynamoDB, Secrets Manager and the services in one, which knows its callers by their access keys. */
export const startSharedAws = async (
  environments: number,
  secret: { text: string },
  now: () => number,
): Promise<SharedAws> => {
  const sessions = new Map<string, NewSession['item']>();
  const readsAtMs = new Map<string, number[]>();

  const answers: Readonly<Record<string, (body: string, caller: string) => object>> = {
    'secretsmanager.GetSecretValue': (_, caller) => {
      readsAtMs.set(caller, [...(readsAtMs.get(caller) ?? []), now()]);
      return { SecretString: secret.text };
    },
    'DynamoDB_20120810.GetItem': (body) => {
      const { Key: key } = JSON.parse(body) as { Key: { session_id: { S: string } } };
      const item = sessions.get(key.session_id.S);
      return item === undefined ? {} : { Item: marshall(item) };
    },
    'DynamoDB_20120810.UpdateItem': () => ({
      Attributes: { full_at: { N: String(now() * 1_000) } },
    }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const caller = /Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const answer = typeof target === 'string' ? answers[target] : undefined;
      response.end(JSON.stringify(answer?.(Buffer.concat(chunks).toString(), caller) ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    secret,
    sessions,
    environments: variablesOf(server, environments),
    leastSecondsBetweenReads: () =>
      Math.min(...[...readsAtMs.values()].flatMap((times) => gapsOf(times))) / 1_000,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const gapsOf = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0));

const variablesOf = (server: Server, environments: number): NodeJS.ProcessEnv[] => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Array.from({ length: environments }, (_, index) => ({
    ...functionEnvironment(url),
    GATEWAY_LOG_LEVEL: 'ERROR',
    AWS_ACCESS_KEY_ID: `ENVIRONMENT${index}`,
  }));
};
