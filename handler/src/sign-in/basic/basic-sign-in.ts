import { assertNotCrossSite, readAllowedOrigins } from '../../http/cross-site.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInMethod } from '../../parts.ts';
import { callerKey } from '../../stores/buckets/limit-key.ts';
import type { Finding } from '../../stores/credentials/credential-store.ts';
import { credentialsIn } from './credentials-in.ts';
import { readHash } from './password-hash.ts';
import { createPasswords } from './passwords.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    readonly basic: true;
  }
}

/** Consumers with a user name and a password (RFC 7617), whose hashes are in the credentials table. */
export const basicSignIn: SignInMethod = (reader) => {
  const allowedOrigins = readAllowedOrigins(reader);
  return ({ credentials, now }) => {
    const passwords = createPasswords({ now });
    return {
      authenticate: async (exchange) => {
        const { request, deadlineMs } = exchange;
        const sent = credentialsIn(request.headers['authorization']);
        if (sent === undefined) throw missing();
        assertNotCrossSite(request, allowedOrigins); // Browsers repeat a password by themselves.
        if (sent === 'malformed') throw invalid(reasons.malformed);
        const { user, password } = sent;
        if (!userName.test(user)) throw invalid(reasons.user);
        const found = await credentials.find(`basic/${user}`, deadlineMs);
        const { hash, reason } = hashOf(found);
        const client = callerKey({ clientIp: request.clientIp, userId: undefined });
        const isRight = await passwords.verify({ user, password, hash, client });
        if ('problem' in found || !isRight) throw invalid(reason);
        const { consumer, plan, scopes, expiresAtMs } = found;
        exchange.claims = { userId: consumer }; // The log names the owner of one that has expired.
        if (expiresAtMs !== undefined && now() >= expiresAtMs) throw expired();
        credentials.noteUse(found, deadlineMs);
        exchange.session = Promise.resolve({ userId: consumer, consumer, plan, roles: [], scopes });
      },
      checks: {},
    };
  };
};

/** Of an id in the table. Others are refused without a read. */
export const userName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** For the log. */
const reasons = {
  malformed:
    'the Authorization header is not "Basic" with base64 of user, colon and password in UTF-8',
  user: 'the user name has characters that no user has, or more than 64',
  hash: 'secret_hash of the item is not scrypt in the PHC string format, or takes too much work',
  password: 'the password is not that of the user',
} as const;

/** The hash to verify with, if there is one, and why the password is refused if it does not fit. */
const hashOf = (found: Finding): { readonly hash: string | undefined; readonly reason: string } => {
  if ('problem' in found) return { hash: undefined, reason: found.problem };
  const { secretHash } = found;
  return secretHash !== undefined && readHash(secretHash) !== undefined
    ? { hash: secretHash, reason: reasons.password }
    : { hash: undefined, reason: reasons.hash };
};

/** RFC 7617 §2.1. */
const challenge = { 'www-authenticate': 'Basic realm="postern", charset="UTF-8"' };

const missing = (): GatewayError =>
  new GatewayError('CREDENTIALS_MISSING', {
    detail: 'Send a user name and a password as `Authorization: Basic …`.',
    headers: challenge,
  });

const invalid = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', {
    detail: 'Send the current user name and password.',
    headers: challenge,
    note,
  });

const expired = (): GatewayError =>
  new GatewayError('CREDENTIALS_EXPIRED', {
    detail: 'Send the current user name and password.',
    headers: challenge,
    note: "the item's expires_at has passed",
  });
