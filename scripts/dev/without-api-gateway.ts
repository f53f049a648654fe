import type { Contract } from '../../handler/src/contract.ts';
import { GatewayError } from '../../handler/src/http/gateway-error.ts';
import type { CompiledContract, SignInMethod } from '../../handler/src/parts.ts';

/** What API Gateway verifies before it calls the function, by the sign-in methods that rely on it. */
const verified = {
  iam: 'the signature of a request (AWS_IAM)',
  mutualTls: 'the client certificate of a connection (mutual TLS)',
} as const;

interface Unverified {
  readonly scheme: string;
  readonly what: string;
}

const unverified = (method: string): Unverified | undefined => {
  const [kind = '', scheme = ''] = method.split(':');
  return Object.hasOwn(verified, kind)
    ? { scheme, what: verified[kind as keyof typeof verified] }
    : undefined;
};

/** The contract with a refusal in place of each sign-in method that relies on API Gateway. */
export const withoutApiGateway = (compiled: CompiledContract): CompiledContract => ({
  ...compiled,
  signIn: Object.fromEntries(
    Object.entries<SignInMethod>(compiled.signIn).map(([method, signIn]) => {
      const found = unverified(method);
      return [method, found === undefined ? signIn : refusing(found)];
    }),
  ),
});

const refusing =
  ({ scheme, what }: Unverified): SignInMethod =>
  () =>
  () => ({
    authenticate: async () => {
      const note = `API Gateway verifies ${what} for ${scheme}, and the development server has none`;
      throw new GatewayError('CREDENTIALS_MISSING', {
        detail: `${note}: call a deployed environment.`,
        note,
      });
    },
    checks: {},
  });

/** For the start: the routes that respond 401 to everybody here, by scheme. */
export const describeUnverified = ({ routes }: Contract): readonly string[] => {
  const ids = new Map<string, string[]>();
  for (const { id, access } of routes) {
    if (access.kind === 'public') continue;
    const entries = access.alternatives.map((needed) => Object.keys(needed).find(unverified));
    // An alternative that needs nothing of API Gateway can be used.
    if (entries.includes(undefined)) continue;
    for (const method of new Set(entries))
      if (method !== undefined) ids.set(method, [...(ids.get(method) ?? []), id]);
  }
  return [...ids].map(([method, own]) => {
    const { scheme, what } = unverified(method) ?? { scheme: method, what: '' };
    return `API Gateway verifies ${what} for ${scheme}, and there is none here: these respond 401, so call a deployed environment:\n  ${own.join(', ')}`;
  });
};
