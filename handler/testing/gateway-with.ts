import { createSecretKey, randomBytes } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Route } from '../src/contract.ts';
import { admitByAny } from '../src/pipeline/admit-by-any.ts';
import { authenticate } from '../src/pipeline/authenticate.ts';
import { createMatcher } from '../src/pipeline/match.ts';
import { rateLimit } from '../src/features/rate-limit/rate-limit.ts';
import { validate } from '../src/features/validation/validate.ts';
import { createGateway, type GatewayDependencies } from '../src/gateway.ts';
import type { GatewayResponse } from '../src/http/response.ts';
import { createAuthenticate } from '../src/sign-in/session/authenticate.ts';
import { signToken } from '../src/stores/sessions/session-token.ts';
import { createTokenVerifier } from '../src/sign-in/session/token-verifier.ts';
import type { Feature, Features, FeatureTools, ForwardInput } from '../src/parts.ts';
import type { Buckets } from '../src/stores/buckets/bucket-store.ts';
import { createMemorySessionRegister } from '../src/stores/sessions/memory-session-register.ts';
import { createMemorySessions } from '../src/stores/sessions/memory-sessions.ts';
import type { OwnMetric } from '../src/telemetry/metrics.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { recordLog } from './recorded-log.ts';

export const nowMs = 1_800_000_000_000;
const key = createSecretKey(randomBytes(32));
const alicesSessionId = randomBytes(32).toString('base64url');

/** A token of alice's, correctly signed. */
export const tokenOfAlice = (): Promise<string> =>
  signToken(
    { sessionId: alicesSessionId, userId: 'alice', expiresAtMs: nowMs + 60_000 },
    { kid: 'k1', key, nowMs },
  );

/** A public route with the fakes' responses, unless `changes` say otherwise. */
export const route = (id: string, changes: Partial<Route> = {}): Route => ({
  id,
  method: id.split(' ')[0] ?? '',
  path: id.split(' ')[1] ?? '',
  access: { kind: 'public' },
  target: { kind: 'http', upstream: 'users', rewrite: undefined, timeoutMs: 1_000 },
  rateLimits: [],
  maxBodyBytes: 1_024,
  validate: undefined,
  ...changes,
});

/** A route for sessions with one of these roles, or for any session if none is named. */
export const signedIn = (...roles: readonly string[]): Pick<Route, 'access'> => ({
  access: {
    kind: 'signed-in',
    alternatives:
      roles.length === 0 ? [{ session: [] }] : roles.map((role) => ({ session: [role] })),
    method: 'session',
  },
});

type SessionSignIn = Parameters<typeof createAuthenticate>[0];

interface Options extends Partial<Omit<GatewayDependencies, 'match' | 'features'>> {
  readonly routes: readonly Route[];
  readonly tokens?: SessionSignIn['tokens'];
  readonly sessions?: Partial<SessionSignIn['sessions']>;
  readonly allowedOrigins?: SessionSignIn['allowedOrigins'];
  /** Sign-in methods beside `session`. */
  readonly signIn?: Parameters<typeof authenticate>[0]['signIn'];
  readonly buckets?: Partial<Buckets>;
  readonly features?: Features;
  /** The upstream's response. */
  readonly respond?: (input: ForwardInput) => Promise<GatewayResponse>;
}

const fromUpstream = async (): Promise<GatewayResponse> => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: 'from upstream',
});

/** The real pipeline and token verifier; the stores, the upstream and the outputs are fakes, each replaceable. */
export const gatewayWith = ({
  routes,
  tokens = createTokenVerifier({
    keys: { find: async (kid) => (kid === 'k1' ? key : undefined) },
    now: () => nowMs,
  }),
  sessions,
  allowedOrigins = new Set(),
  signIn,
  buckets,
  features,
  respond = fromUpstream,
  now = () => nowMs,
  ...replaced
}: Options) => {
  const counted: Array<
    readonly [name: string | OwnMetric, value: number, dimensions?: object | undefined]
  > = [];
  const metrics = replaced.metrics ?? {
    add: (...metric: (typeof counted)[number]) => void counted.push(metric),
    endRequest: () => undefined,
  };
  const { log, ...recorded } = recordLog();
  const match = createMatcher(routes);
  const problems = { typeBase: 'https://docs.example.com/errors#' };
  const tools: FeatureTools = {
    log,
    match,
    problems,
    buckets: {
      take: async () => ({ allowed: true, remaining: 9, resetSeconds: 6, takenAtMicros: 0 }),
      knownRefusal: () => undefined,
      giveBack: async () => undefined,
      ...buckets,
    },
    sessionRegister: createMemorySessionRegister(createMemorySessions(now), now),
    metrics,
    now,
  };
  const gateway = createGateway({
    match,
    authenticate: authenticate({
      signIn: {
        session: {
          authenticate: createAuthenticate({
            tokens,
            sessions: {
              hasEnded: () => false,
              find: async ({ userId }) => ({ userId, roles: ['user'] }),
              ...sessions,
            },
            allowedOrigins,
          }),
        },
        ...signIn,
      },
      admitByAny,
    }),
    features: Object.fromEntries(
      Object.entries<Feature>({ rateLimit, validation: validate, ...features }).map(
        ([name, feature]) => [name, feature(tools)],
      ),
    ),
    forward: async (input) => ({
      outcome: await respond(input),
      upstream: { name: 'users', durationMs: 7, attempts: 1 },
    }),
    builtIn: {
      health: async () => ({ statusCode: 200, headers: {}, body: 'healthy' }),
      ready: async () => ({ statusCode: 200, headers: {}, body: 'ready' }),
      openapi: async () => ({ statusCode: 200, headers: {}, body: '{}' }),
      docs: async () => ({ statusCode: 200, headers: {}, body: '' }),
      docsScript: async () => ({ statusCode: 200, headers: {}, body: '' }),
      openapiYaml: async () => ({ statusCode: 200, headers: {}, body: '{}' }),
    },
    log,
    isSampled: () => true,
    metrics,
    problems,
    lambdaTrace: () => undefined,
    now,
    ...replaced,
  });
  return { gateway, ...recorded, counted };
};

/** One request through the gateway, with its problem details read. */
export const send = async (
  { gateway }: Pick<ReturnType<typeof gatewayWith>, 'gateway'>,
  ...request: Parameters<typeof httpApiEvent>
): Promise<APIGatewayProxyStructuredResultV2 & { problem: Record<string, unknown> }> => {
  const result = await gateway(httpApiEvent(...request), lambdaContext());
  const isProblem = result.headers?.['content-type'] === 'application/problem+json';
  const problem = isProblem ? (JSON.parse(result.body ?? '{}') as Record<string, unknown>) : {};
  return { ...result, problem };
};
