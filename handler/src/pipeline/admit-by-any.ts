import type { Requirement } from '../contract.ts';
import type { Exchange } from '../exchange.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { AdmitByAny } from '../parts.ts';
import type { Session } from '../stores/sessions/session.ts';
import { assertRoles } from './authorize.ts';

/**
 * What `security` means in OpenAPI: one of its entries is enough, and all schemes of an entry are needed. Credentials of
 * one method are verified once. Sessions are awaited here, so that a limit counts the caller who is admitted.
 */
export const admitByAny: AdmitByAny = async (alternatives, exchange, authenticate) => {
  const users = new Map<string, Promise<User>>();
  const userBy = (method: string): Promise<User> => {
    const known = users.get(method);
    if (known !== undefined) return known;
    const user = authenticate(method).then(() => userOf(exchange));
    users.set(method, user);
    return user;
  };

  const admit = async (requirement: Requirement): Promise<Session> => {
    let first: User | undefined;
    for (const [method, roles] of Object.entries(requirement)) {
      const user = await userBy(method);
      assertRoles(user.caller, [{ [method]: roles }]);
      first ??= user;
    }
    if (first === undefined) throw new TypeError('An alternative names no sign-in method');
    exchange.claims = first.claims;
    return first.caller;
  };

  const failures: unknown[] = [];
  for (const requirement of alternatives) {
    try {
      return await admit(requirement);
    } catch (error) {
      failures.push(error);
    }
  }
  throw mostTelling(failures);
};

interface User {
  readonly claims: NonNullable<Exchange['claims']>;
  readonly caller: Session;
}

/** The user whom a sign-in method has just named, some methods only with the session. */
const userOf = async (exchange: Exchange): Promise<User> => {
  const caller = await exchange.session;
  const { claims } = exchange;
  if (claims === undefined || caller === undefined)
    throw new TypeError('A sign-in method has named no user');
  return { claims, caller };
};

/**
 * A failure of the gateway before a refusal, because another attempt may succeed; a refusal of credentials before the
 * absence of others.
 */
const mostTelling = (failures: readonly unknown[]): unknown => {
  const [first] = failures.toSorted((a, b) => rankOf(a) - rankOf(b));
  return rankOf(first) === ranks.missing ? credentialsMissing(failures as GatewayError[]) : first;
};

const ranks = { failure: 0, denied: 1, invalid: 2, missing: 3 };

const rankOf = (error: unknown): number => {
  if (!(error instanceof GatewayError) || error.status >= 500) return ranks.failure;
  if (error.status === 403) return ranks.denied;
  return error.code === 'CREDENTIALS_MISSING' ? ranks.missing : ranks.invalid;
};

/** Names every way to sign in, each with its challenge (RFC 9110 §11.6.1). */
const credentialsMissing = (errors: readonly GatewayError[]): GatewayError => {
  const distinct = (texts: ReadonlyArray<string | undefined>): readonly string[] => [
    ...new Set(texts.filter((text) => text !== undefined)),
  ];
  const challenges = distinct(errors.map(({ headers }) => headers['www-authenticate']));
  return new GatewayError('CREDENTIALS_MISSING', {
    detail: distinct(errors.map(({ detail }) => detail)).join(' Or: '),
    ...(challenges.length > 0 && { headers: { 'www-authenticate': challenges.join(', ') } }),
  });
};
