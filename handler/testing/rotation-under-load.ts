import { newSession } from '../../scripts/operations/sessions/session.ts';
import { newKey } from '../../scripts/operations/signing-keys/new-key.ts';
import { rotateKeys } from '../../scripts/operations/signing-keys/rotate-keys.ts';
import { replaceAll } from '../../scripts/operations/signing-keys/key-rotation.ts';
import type { Gateway } from '../src/gateway.ts';
import { captureOutput } from './captured-output.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { type Random, seededRandom } from './random.ts';
import { type SharedAws, startSharedAws } from './shared-aws.ts';

interface Options {
  /** As `index.ts` exports it. */
  readonly start: (variables: NodeJS.ProcessEnv, now: () => number) => Gateway;
  readonly requests: number;
  readonly seed: number;
  /** In place of the command's own wait between publishing a key and signing with it. */
  readonly waitSeconds?: number;
}

export interface RotationUnderLoad {
  /** With genuine tokens, by the key that signed them. */
  readonly byOldKey: number;
  readonly byNewKey: number;
  /** Genuine tokens that were refused. */
  readonly refused: number;
  /** Forged tokens, each of an unknown kid, that were not answered 401. */
  readonly forgedAndTaken: number;
  /** The least time between two reads of the secret by one environment. */
  readonly leastSecondsBetweenReads: number;
}

const environments = 8;
const startSeconds = 1_800_000_000;
const runSeconds = 1_500;
const rotateAtSeconds = 300;

/**
 * Requests to many environments of the real handler, by a clock that runs ahead, while `make rotate-key` does its work.
 * Of two login services one reads the secret for each token, and the other never again. One request in ten bears a
 * forged token, so that environments keep using up the one re-read a minute that an unknown kid may ask for.
 */
export const rotationUnderLoad = async (options: Options): Promise<RotationUnderLoad> => {
  let nowSeconds = startSeconds;
  const now = (): number => nowSeconds * 1_000;
  const firstKey = replaceAll(newKey(startSeconds), startSeconds);
  const aws = await startSharedAws(environments, { text: JSON.stringify(firstKey) }, now);
  const random = seededRandom(options.seed);
  const tally = { byOldKey: 0, byNewKey: 0, refused: 0, forgedAndTaken: 0 };
  const output = captureOutput();
  try {
    const gateways = aws.environments.map((variables) => options.start(variables, now));
    const traffic = trafficOf({ aws, random, gateways, tally });
    const passTo = async (untilSeconds: number): Promise<void> => {
      const pace = runSeconds / options.requests;
      for (; nowSeconds < untilSeconds; nowSeconds += pace) await traffic(nowSeconds);
    };
    await passTo(startSeconds + rotateAtSeconds);
    const rotation = {
      secret: {
        read: async () => aws.secret.text,
        write: async (keys: object) => void (aws.secret.text = JSON.stringify(keys)),
      },
      now: () => Math.floor(nowSeconds),
      waitSeconds: (seconds: number) => passTo(nowSeconds + (options.waitSeconds ?? seconds)),
      tell: () => undefined,
    };
    await rotateKeys(rotation, 2 * 3_600);
    await passTo(startSeconds + runSeconds);
  } finally {
    output.giveBack();
    aws.stop();
  }
  return { ...tally, leastSecondsBetweenReads: aws.leastSecondsBetweenReads() };
};

interface Traffic {
  readonly aws: SharedAws;
  readonly random: Random;
  readonly gateways: readonly Gateway[];
  readonly tally: { byOldKey: number; byNewKey: number; refused: number; forgedAndTaken: number };
}

/** One request: by a session of before, by one just made, or by a forger. */
const trafficOf = ({ aws, random, gateways, tally }: Traffic) => {
  const tokens: string[] = [];
  const cachedSecret = aws.secret.text;
  const firstKid = activeKidOf(cachedSecret);
  let users = 0;

  const signIn = async (secret: string, nowSeconds: number): Promise<string> => {
    const user = { userId: `user-${(users += 1)}`, roles: ['user'], lifetimeSeconds: 3_600 };
    const { token, item } = await newSession(user, secret, Math.floor(nowSeconds));
    aws.sessions.set(item.session_id, item);
    tokens.push(token);
    return token;
  };
  const tokenOf = async (nowSeconds: number): Promise<string> => {
    const chance = random();
    const known = tokens[Math.floor(random() * tokens.length)];
    if (chance < 0.1) return signIn(cachedSecret, nowSeconds);
    if (chance < 0.4 || known === undefined) return signIn(aws.secret.text, nowSeconds);
    return known;
  };
  let asked = 0;
  const statusOf = async (token: string): Promise<number | undefined> => {
    asked += 1;
    // An address of its own for each: the forged ones must not meet the limit of an address that fails.
    const clientIp = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
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
    if (kidOf(token) === firstKid) tally.byOldKey += 1;
    else tally.byNewKey += 1;
    if ((await statusOf(token)) !== 200) tally.refused += 1;
  };
};

const activeKidOf = (secret: string): unknown =>
  (JSON.parse(secret) as { active_kid: unknown }).active_kid;

const kidOf = (token: string): unknown => {
  const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid: unknown }).kid;
};
