import { marshall } from '@aws-sdk/util-dynamodb';
import { decodeProtectedHeader } from 'jose';
import { type NewSession, newSession } from '../../scripts/operations/sessions/session.ts';
import { newKey, replaceAll } from '../../scripts/operations/signing-keys/stored-keys.ts';
import { rotateKeys } from '../../scripts/operations/signing-keys/rotate-keys.ts';
import type { Gateway } from '../src/gateway.ts';
import type { Item } from '../src/stores/dynamodb/dynamodb.ts';
import { captureOutput } from './captured-output.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { type Random, seededRandom } from './random.ts';
import { startStubServices } from './stub-services.ts';

interface Options {
  /** As `index.ts` exports it. */
  readonly start: (variables: NodeJS.ProcessEnv, now: () => number) => Gateway;
  readonly requests: number;
  readonly seed: number;
  /** Replaces the command's own wait between publishing a key and signing with it. */
  readonly waitSeconds?: number;
}

export interface RotationUnderLoad {
  /** With genuine tokens, by the key that signed them. */
  readonly byOldKey: number;
  readonly byNewKey: number;
  /** Genuine tokens that were refused. */
  readonly refused: number;
  /** Forged tokens, each with an unknown kid, whose response was not 401. */
  readonly forgedAndTaken: number;
  /** The least time between two reads of the secret by one environment. */
  readonly leastSecondsBetweenReads: number;
}

const environments = 8;
const startSeconds = 1_800_000_000;
const runSeconds = 1_500;
const rotateAtSeconds = 300;

/**
 * Requests to many environments of the real handler, with an accelerated clock, during `make rotate-key`. Of two login
 * services, one reads the secret for each token, the other only once. One request in ten has a forged token, so that
 * environments always use up the one read per minute for an unknown kid.
 */
export const rotationUnderLoad = async (options: Options): Promise<RotationUnderLoad> => {
  let nowSeconds = startSeconds;
  const now = (): number => nowSeconds * 1_000;
  const firstKey = replaceAll(newKey(startSeconds), startSeconds);
  const aws = await startAws(JSON.stringify(firstKey), now);
  const random = seededRandom(options.seed);
  const tally = { byOldKey: 0, byNewKey: 0, refused: 0, forgedAndTaken: 0 };
  const output = captureOutput();
  try {
    const gateways = Array.from({ length: environments }, (_, index) =>
      options.start({ ...aws.variables, AWS_ACCESS_KEY_ID: `ENVIRONMENT${index}` }, now),
    );
    const traffic = trafficOf({ aws, random, gateways, tally });
    const passTo = async (untilSeconds: number): Promise<void> => {
      const pace = runSeconds / options.requests;
      for (; nowSeconds < untilSeconds; nowSeconds += pace) await traffic(nowSeconds);
    };
    await passTo(startSeconds + rotateAtSeconds);
    const rotation = {
      secret: {
        read: async () => aws.secret(),
        write: async (keys: object) => aws.writeSecret(JSON.stringify(keys)),
      },
      now: () => Math.floor(nowSeconds),
      waitSeconds: (seconds: number) => passTo(nowSeconds + (options.waitSeconds ?? seconds)),
      report: () => undefined,
    };
    await rotateKeys(rotation, 2 * 3_600);
    await passTo(startSeconds + runSeconds);
  } finally {
    output.giveBack();
    await aws.stop();
  }
  return { ...tally, leastSecondsBetweenReads: aws.leastSecondsBetweenReads() };
};

/** One AWS for all environments, which distinguishes them by their access keys. */
const startAws = async (firstSecret: string, now: () => number) => {
  const stub = await startStubServices();
  const { aws, environment } = stub;
  const secretId = environment['GATEWAY_TOKEN_SIGNING_SECRET_ARN'] ?? '';
  aws.secrets.set(secretId, firstSecret);
  const lastReadMs = new Map<string, number>();
  let leastMs = Infinity;
  aws.behave((response, request) => {
    if (request.target.endsWith('GetSecretValue')) {
      const caller = /Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      leastMs = Math.min(leastMs, now() - (lastReadMs.get(caller) ?? -Infinity));
      lastReadMs.set(caller, now());
    }
    return stub.respond(response, request);
  });
  return {
    variables: { ...environment, GATEWAY_LOG_LEVEL: 'ERROR' },
    secret: () => aws.secrets.get(secretId) ?? '',
    writeSecret: (text: string) => void aws.secrets.set(secretId, text),
    putSession: (item: NewSession['item']) =>
      aws.dynamoDb.putItem('sessions', marshall(item) as Item),
    leastSecondsBetweenReads: () => leastMs / 1_000,
    stop: () => stub.stop(),
  };
};

interface Traffic {
  readonly aws: Awaited<ReturnType<typeof startAws>>;
  readonly random: Random;
  readonly gateways: readonly Gateway[];
  readonly tally: { byOldKey: number; byNewKey: number; refused: number; forgedAndTaken: number };
}

/** One request: with an earlier session, a new one, or a forged token. */
const trafficOf = ({ aws, random, gateways, tally }: Traffic) => {
  const tokens: string[] = [];
  const cachedSecret = aws.secret();
  const { active_kid: firstKid } = JSON.parse(cachedSecret) as { active_kid: string };
  let users = 0;

  const signIn = async (secret: string, nowSeconds: number): Promise<string> => {
    const user = { userId: `user-${(users += 1)}`, roles: ['user'], lifetimeSeconds: 3_600 };
    const { token, item } = await newSession(user, secret, Math.floor(nowSeconds));
    aws.putSession(item);
    tokens.push(token);
    return token;
  };
  const tokenOf = async (nowSeconds: number): Promise<string> => {
    const chance = random();
    const known = tokens[Math.floor(random() * tokens.length)];
    if (chance < 0.1) return signIn(cachedSecret, nowSeconds);
    if (chance < 0.4 || known === undefined) return signIn(aws.secret(), nowSeconds);
    return known;
  };
  let requests = 0;
  const statusOf = async (token: string): Promise<number | undefined> => {
    requests += 1;
    // A different address for each: the forged ones must not reach the failure limit of an address.
    const clientIp = `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
    const gateway = gateways[Math.floor(random() * gateways.length)];
    const headers = { authorization: `Bearer ${token}` };
    const event = httpApiEvent('GET', '/api/v1/users', { headers, clientIp });
    return (await gateway?.(event, lambdaContext()))?.statusCode;
  };

  return async (nowSeconds: number): Promise<void> => {
    if (random() < 0.1) {
      const kid = `forged-${random()}`;
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid })).toString('base64url');
      if ((await statusOf(`${header}.e30.AAAA`)) !== 401) tally.forgedAndTaken += 1;
      return;
    }
    const token = await tokenOf(nowSeconds);
    if (decodeProtectedHeader(token).kid === firstKid) tally.byOldKey += 1;
    else tally.byNewKey += 1;
    if ((await statusOf(token)) !== 200) tally.refused += 1;
  };
};
