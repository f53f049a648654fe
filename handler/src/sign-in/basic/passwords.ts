import { createHmac, randomBytes } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import { fitsHash, hashOfNothing, type PasswordHash, readHash } from './password-hash.ts';

export interface Passwords {
  /**
   * Whether it is the password of the hash; without a hash, the same work and false. Throws RATE_LIMITED for an address
   * with too many wrong passwords, and DEADLINE_EXCEEDED if too many are waiting.
   */
  verify(attempt: Attempt): Promise<boolean>;
}

export interface Attempt {
  readonly user: string;
  readonly password: string;
  /** Undefined: the user is not known, or the hash cannot be read. */
  readonly hash: string | undefined;
  /** The address of the client, or its network. */
  readonly client: string;
}

interface Dependencies {
  readonly now: () => number;
  readonly fits?: typeof fitsHash;
}

/** About 300 KB each. Apart, so that wrong passwords cannot displace right ones. */
const maxRight = 1_000;
const maxWrong = 1_000;

/** Some 1 MB. */
const maxClients = 10_000;

/** Wrong passwords of an address a minute, of those that take work, in an execution environment. */
const maxFailures = 10;
const windowMs = 60_000;

/** An execution environment has one request at a time; other servers have more. */
const maxWaiting = 8;

/**
 * Computes scrypt once for each password, and remembers the result for as long as the hash is the same. Passwords are
 * remembered as an HMAC with a key of this process. One is computed at a time: each takes 16 MiB and a core.
 */
export const createPasswords = ({ now, fits = fitsHash }: Dependencies): Passwords => {
  const memoryKey = randomBytes(32);
  const right = createRecent<string>(maxRight);
  const wrong = createRecent<string>(maxWrong);
  const failures = createRecent<{ sinceMs: number; count: number }>(maxClients);
  const nothing = hashOfNothing();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= maxWaiting) throw tooManyWaiting();
    waiting += 1;
    const own = last.then(work, work);
    last = own;
    try {
      return await own;
    } finally {
      waiting -= 1;
    }
  };

  const failuresOf = (client: string): { sinceMs: number; count: number } => {
    const found = failures.get(client, () => ({ sinceMs: now(), count: 0 }));
    if (now() - found.sinceMs >= windowMs) Object.assign(found, { sinceMs: now(), count: 0 });
    return found;
  };

  const compute = async (client: string, password: string, hash: PasswordHash) => {
    const { sinceMs, count } = failuresOf(client);
    if (count >= maxFailures) throw tooManyFailures(sinceMs + windowMs - now());
    const isRight = await inTurn(() => fits(password, hash));
    if (!isRight) failuresOf(client).count += 1;
    return isRight;
  };

  return {
    verify: async ({ user, password, hash = '', client }) => {
      const id = createHmac('sha256', memoryKey).update(`${user}:${password}`).digest('base64url');
      if (hash !== '' && right.find(id) === hash) return true;
      if (wrong.find(id) === hash) return false;
      const isRight = await compute(client, password, readHash(hash) ?? nothing);
      (isRight ? right : wrong).keep(id, hash);
      return isRight;
    },
  };
};

const tooManyFailures = (untilMs: number): GatewayError => {
  const seconds = Math.max(1, Math.ceil(untilMs / 1_000));
  return new GatewayError('RATE_LIMITED', {
    detail: `Too many wrong passwords were sent from this address. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
    note: 'more than 10 wrong passwords of an address within a minute',
  });
};

const tooManyWaiting = (): GatewayError =>
  new GatewayError('DEADLINE_EXCEEDED', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    note: 'more than 8 passwords wait to be verified',
  });
