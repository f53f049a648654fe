import { StoreUnavailable } from '../src/aws/aws-call.ts';
import { GatewayError } from '../src/http/gateway-error.ts';
import { rememberEnded, type Sessions } from '../src/stores/sessions/ended-sessions.ts';
import { cacheSessions } from '../src/stores/sessions/session-cache.ts';
import { createSessionStore, sessionKey } from '../src/stores/sessions/session-store.ts';
import { createSigningKeys } from '../src/stores/keys/signing-keys.ts';
import { createTokenVerifier, type TokenVerifier } from '../src/sign-in/session/token-verifier.ts';
import { type Disorder, unreliableNetwork, type Life, overNetwork } from './unreliable-network.ts';
import { createFakeDynamoDb } from './fake-aws/fake-dynamodb.ts';
import { startMs } from './limiter-simulation.ts';
import type { Random } from './random.ts';
import type { SessionPlan, SessionRequest, SessionWorld } from './session-world.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { sessionEnded } from '../src/stores/sessions/session.ts';

export interface SessionSimulation extends Required<Pick<Disorder, 'delayMs' | 'lost'>> {
  readonly world: SessionWorld;
  readonly random: Random;
  readonly cacheSeconds: number;
  /** The clock offset of each environment. */
  readonly clockErrorsMs: readonly number[];
}

export interface Judgement extends SessionRequest {
  readonly endedAtMs: number;
  /** `accepted`, or the error's code. */
  readonly outcome: string;
  /** The caller that the gateway identified. */
  readonly userId: string | undefined;
}

const tableName = 'sessions';

/** Simulates sessions over time, with the gateway's own verifier, cache and store. */
export const simulateSessions = async (simulation: SessionSimulation): Promise<Judgement[]> => {
  const { world, clockErrorsMs } = simulation;
  const clock = createSimulatedClock();
  const judgements: Judgement[] = [];
  const environments = clockErrorsMs.map(environmentsOf(simulation, clock));

  for (const request of world.requests) {
    clock.at(request.atMs, () => {
      const environment = environments[request.environment];
      if (environment === undefined) throw new TypeError('A request has an environment');
      const note = (outcome: string, userId?: string): void =>
        void judgements.push({ ...request, endedAtMs: clock.nowMs, outcome, userId });
      authenticate(environment, request.session).then(
        ({ userId }) => note('accepted', userId),
        (error: unknown) => note(error instanceof GatewayError ? error.code : String(error)),
      );
    });
  }
  await clock.run();
  return judgements;
};

interface Environment {
  readonly life: Life;
  readonly tokens: TokenVerifier;
  readonly sessions: Sessions;
}

const environmentsOf = (simulation: SessionSimulation, clock: SimulatedClock) => {
  const { world, random, cacheSeconds } = simulation;
  const carry = unreliableNetwork(clock, random, simulation);
  // It fails only in outages: the time from which a removed key is refused depends on the failed reads.
  const carrySecret = unreliableNetwork(clock, random, { delayMs: simulation.delayMs });
  const table = tableOf(world.sessions, clock);
  return (errorMs: number): Environment => {
    const life: Life = { ended: false, nowMs: () => startMs + clock.nowMs + errorMs };
    const now = life.nowMs;
    const dynamoDb = overNetwork(table, carry, life);
    const readSecret = (deadlineMs: number): Promise<string> =>
      carrySecret(async () => secretAt(world, clock.nowMs), { deadlineMs }, life);
    return {
      life,
      tokens: createTokenVerifier({
        keys: createSigningKeys({ readSecret, now, onReadFailure: () => undefined }),
        now,
      }),
      sessions: rememberEnded(
        cacheSessions(createSessionStore({ dynamoDb, tableName, now }), {
          seconds: cacheSeconds,
          now,
        }),
        { now },
      ),
    };
  };
};

/** As the pipeline does it. */
const authenticate = async ({ tokens, sessions, life }: Environment, { token }: SessionPlan) => {
  const deadlineMs = life.nowMs() + 5_000;
  const claims = await tokens.verify(token, deadlineMs);
  if (sessions.hasEnded(claims)) throw sessionEnded('remembered');
  return sessions.find(claims, deadlineMs);
};

/** The items that the login service writes, and deletes when it revokes. Expired items stay, as in DynamoDB. */
const tableOf = (sessions: readonly SessionPlan[], clock: SimulatedClock) => {
  const table = createFakeDynamoDb({ [tableName]: 'session_id' });
  for (const { sessionId, userId, itemAtMs, endsAtMs, revokedAtMs } of sessions) {
    const key = sessionKey(sessionId);
    const item = {
      session_id: { S: key },
      data: { M: { user_id: { S: userId }, roles: { L: [] } } },
      ttl: { N: String((startMs + endsAtMs) / 1000) },
    };
    if (itemAtMs < revokedAtMs) clock.at(itemAtMs, () => table.putItem(tableName, item));
    if (revokedAtMs < Infinity) clock.at(revokedAtMs, () => table.deleteItem(tableName, key));
  }
  return table;
};

const secretAt = ({ keys, outages }: SessionWorld, atMs: number): string => {
  if (outages.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)) {
    throw new StoreUnavailable('Secrets Manager is out');
  }
  const present = keys.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  const jwks = present.map(({ kid, bytes }) => ({
    kty: 'oct',
    kid,
    k: bytes.toString('base64url'),
  }));
  return JSON.stringify({ active_kid: present[0]?.kid, keys: jwks });
};
