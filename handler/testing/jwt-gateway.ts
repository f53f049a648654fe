import type { Requirement } from '../src/contract.ts';
import { jwtSignIn } from '../src/sign-in/jwt/jwt-sign-in.ts';
import type { TokenPolicy } from '../src/sign-in/jwt/policy.ts';
import type { SignInTools } from '../src/parts.ts';
import { createMemoryIssuerKeys } from '../src/stores/issuer-keys/memory-issuer-keys.ts';
import { createConnections } from '../src/transport/connections.ts';
import { gatewayWith, nowMs, route, send } from './gateway-with.ts';
import { recordLog } from './recorded-log.ts';
import { policyWith } from './token-issuer.ts';

interface Options extends Partial<Pick<SignInTools, 'issuerKeys' | 'connect' | 'now'>> {
  readonly policies: readonly Partial<TokenPolicy>[];
  /** Of the route `GET /`; the scope `orders:read` of the first policy unless given. */
  readonly alternatives?: readonly Requirement[];
}

/** The real pipeline and sign-in methods for `GET /`. The response's body is the headers that name the caller. */
export const jwtGatewayWith = ({
  policies,
  alternatives = [{ 'jwt:oauth': ['orders:read'] }],
  issuerKeys = createMemoryIssuerKeys(),
  connect = createConnections,
  now = () => nowMs,
}: Options) => {
  const { log, ...recorded } = recordLog();
  const tools = {
    issuerKeys,
    connect,
    now,
    log,
    startEndsMs: now() + 5_000,
  } as unknown as SignInTools;
  const misconfigurations: string[] = [];
  const reader = { variables: {}, misconfigurations, read: () => undefined as never };
  const methods = Object.fromEntries(
    policies
      .map(policyWith)
      .map((policy) => [`jwt:${policy.scheme}`, jwtSignIn(policy)(reader)(tools)]),
  );
  const world = gatewayWith({
    routes: [route('GET /', { access: { kind: 'signed-in', alternatives } })],
    signIn: methods,
    respond: async ({ caller }) => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(caller),
    }),
    now,
    log,
  });
  return {
    ...recorded,
    checks: Object.assign({}, ...Object.values(methods).map(({ checks }) => checks)) as Readonly<
      Record<string, (deadlineMs: number) => Promise<unknown>>
    >,
    /** `GET /` with this access token. */
    get: (token?: string) =>
      send(world, 'GET', '/', {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
  };
};
