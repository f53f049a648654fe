import { maxAgeMs } from '../src/stores/secrets/rotating-secret.ts';
import { leewaySeconds } from '../src/stores/sessions/session-token.ts';
import { seededRandom } from './random.ts';
import { type Judgement, simulateSessions } from './session-simulation.ts';
import { type SessionPlan, sessionWorld, type SessionWorld } from './session-world.ts';

/** Of two attempts. */
const slowestReadMs = 2_000;

/** The outcomes of one simulation, and the wrong ones. */
export interface SessionFindings {
  readonly accepted: number;
  readonly refused: number;
  /** Descriptions of wrong outcomes; must be empty. */
  readonly wrong: readonly string[];
}

/** After an outage of Secrets Manager the keys are read again within this time, including the duration of a read. */
const rereadMs = 60_000 + 2_000;

/**
 * Runs a random simulation from the seed, and checks each response. A request that arrives
 *
 * the session cache's time after a session was revoked, when its item has ended by the environment's clock, the leeway
 * after its token's expiry by that clock, five minutes after its key was dropped, unless the secret cannot be read, or
 * could not a minute ago,
 *
 * or later, is refused. A valid session is never refused as ended, whatever the network does. One whose item was
 * written after its token was used may be refused for the same time again, or one second.
 */
export const sessionFindings = async (seed: number): Promise<SessionFindings> => {
  const random = seededRandom(seed);
  const errorMs = [0, 20, 500][Math.floor(random() * 3)] ?? 0;
  const environments = 1 + Math.floor(random() * 6);
  const clockErrorsMs = Array.from({ length: environments }, () =>
    Math.round((random() * 2 - 1) * errorMs),
  );
  const cacheSeconds = [0, 5, 30][Math.floor(random() * 3)] ?? 0;
  const world = await sessionWorld(random, { environments, cacheMs: cacheSeconds * 1000 });
  const judgements = await simulateSessions({
    world,
    random,
    cacheSeconds,
    clockErrorsMs,
    delayMs: { least: 1, most: 2 + random() * 400 },
    lost: random() < 0.5 ? 0.1 : 0,
  });
  const truth = { world, cacheSeconds, clockErrorsMs };
  return {
    accepted: judgements.filter(({ outcome }) => outcome === 'accepted').length,
    refused: judgements.filter(({ outcome }) => signOuts.has(outcome)).length,
    wrong: judgements.flatMap((judgement) => errorIn(judgement, truth) ?? []),
  };
};

interface Truth {
  readonly world: SessionWorld;
  readonly cacheSeconds: number;
  readonly clockErrorsMs: readonly number[];
}

const signOuts: ReadonlySet<string> = new Set(['CREDENTIALS_EXPIRED', 'CREDENTIALS_INVALID']);
const outOfReach: ReadonlySet<string> = new Set([
  'SESSION_STORE_UNAVAILABLE',
  'SIGNING_KEY_UNAVAILABLE',
]);

/** What is wrong with a response. Undefined if nothing is. */
const errorIn = (judgement: Judgement, truth: Truth): string | undefined => {
  const { outcome, atMs, endedAtMs, session, userId } = judgement;
  const described = (what: string) =>
    `${what}: ${outcome} ${atMs} → ${endedAtMs} ${JSON.stringify({ ...session, token: undefined })}`;
  if (outOfReach.has(outcome)) return undefined;
  if (outcome === 'accepted') {
    if (userId !== session.userId) return described(`accepted as ${userId}`);
    return atMs >= acceptableUntilMs(judgement, truth) ? described('accepted too late') : undefined;
  }
  if (!signOuts.has(outcome)) return described('an unexpected response');
  const isYoung = atMs < rememberedUntilMs(session);
  return !isYoung && endedAtMs < holdsUntilMs(judgement, truth)
    ? described('signed out')
    : undefined;
};

const acceptableUntilMs = (judgement: Judgement, { world, ...truth }: Truth): number => {
  const { session, environment, atMs } = judgement;
  const errorMs = truth.clockErrorsMs[environment] ?? 0;
  const cacheMs = truth.cacheSeconds * 1000;
  const droppedAtMs = world.keys.find(({ kid }) => kid === session.kid)?.untilMs ?? 0;
  const isKnowable = world.outages.every(
    ({ fromMs, untilMs }) => atMs < fromMs || untilMs + rereadMs <= atMs,
  );
  return Math.min(
    session.revokedAtMs + cacheMs,
    session.endsAtMs - errorMs,
    session.tokenEndsAtMs - errorMs + leewaySeconds * 1000,
    isKnowable ? droppedAtMs + maxAgeMs : Infinity,
  );
};

/** Until then, a session whose item was late may be remembered as missing. */
const rememberedUntilMs = ({ createdAtMs, itemAtMs }: SessionPlan): number =>
  itemAtMs === createdAtMs ? 0 : itemAtMs + Math.max(1_000, itemAtMs - createdAtMs) + slowestReadMs;

/** Until then, by the environment's clock, the session, its token and its key are valid. */
const holdsUntilMs = ({ session, environment }: Judgement, truth: Truth): number => {
  const errorMs = truth.clockErrorsMs[environment] ?? 0;
  const droppedAtMs = truth.world.keys.find(({ kid }) => kid === session.kid)?.untilMs ?? 0;
  return Math.min(
    session.revokedAtMs,
    session.endsAtMs - errorMs,
    session.tokenEndsAtMs - errorMs,
    droppedAtMs,
  );
};
