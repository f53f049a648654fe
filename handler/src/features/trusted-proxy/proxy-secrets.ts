import { createHash, timingSafeEqual } from 'node:crypto';
import { untilDeadline } from '../../aws/until-deadline.ts';
import { GatewayError } from '../../http/gateway-error.ts';

/** What the proxy in front proves itself with: several values at once, so that a new one can take over. */
export interface ProxySecrets {
  /**
   * Whether it is one of the values, compared in constant time. An unknown one may be new: the secret is then read again,
   * once a minute at most. Throws PROXY_SECRET_UNAVAILABLE where no value was ever read.
   */
  accept(value: string, deadlineMs: number): Promise<boolean>;
  /** Reads the values now. Throws PROXY_SECRET_UNAVAILABLE. */
  load(deadlineMs: number): Promise<void>;
}

interface Dependencies {
  /** The secret's JSON. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
  readonly onReadFailure: (error: unknown) => void;
}

/** A value that was removed is refused within this time in every execution environment. */
const maxAgeMs = 5 * 60_000;
const minAgeMs = 60_000;

/** With values at hand, a request waits no longer than this for newer ones. */
const refreshWithinMs = 1_500;

/** Values that were read outlive a failing re-read. */
export const createProxySecrets = ({
  readSecret,
  now,
  onReadFailure,
}: Dependencies): ProxySecrets => {
  let digests: readonly Buffer[] | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: { readonly done: Promise<void>; readonly deadlineMs: number } | undefined;

  const read = async (deadlineMs: number): Promise<void> => {
    const beganAtMs = now();
    try {
      digests = parseValues(await readSecret(deadlineMs)).map(digestOf);
    } catch (error) {
      onReadFailure(error);
      throw error;
    } finally {
      readAtMs = beganAtMs;
    }
  };

  const begin = (deadlineMs: number): Promise<void> => {
    const own = { done: read(deadlineMs), deadlineMs };
    reading = own;
    const end = (): void => void (reading === own && (reading = undefined));
    own.done.then(end, end);
    return own.done;
  };

  const load = async (deadlineMs: number): Promise<void> => {
    // Lambda may have frozen the process in the middle of a read: one that is past its deadline is not waited for.
    const joined = reading !== undefined && now() < reading.deadlineMs ? reading.done : undefined;
    const wait = (done: Promise<void>) => untilDeadline(done, deadlineMs, now());
    await wait(joined ?? begin(deadlineMs))
      .catch((error: unknown) => {
        if (joined === undefined || digests !== undefined) throw error;
        return wait(begin(deadlineMs)); // The read that failed was another request's, perhaps with less time.
      })
      .catch((cause: unknown) => {
        throw unavailable(cause);
      });
  };

  const refresh = (deadlineMs: number): Promise<void> =>
    load(Math.min(deadlineMs, now() + refreshWithinMs)).catch(() => undefined);

  const isKnown = (digest: Buffer): boolean => {
    let found = false;
    for (const known of digests ?? []) found = timingSafeEqual(known, digest) || found;
    return found;
  };

  return {
    load,
    accept: async (value, deadlineMs) => {
      if (digests === undefined) await load(deadlineMs);
      else if (now() - readAtMs >= maxAgeMs) await refresh(deadlineMs);
      const digest = digestOf(value);
      if (isKnown(digest)) return true;
      if (now() - readAtMs < minAgeMs) return false;
      await refresh(deadlineMs);
      return isKnown(digest);
    },
  };
};

const unavailable = (cause: unknown): GatewayError =>
  new GatewayError('PROXY_SECRET_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });

/** Of one length, whatever was sent: `timingSafeEqual` wants that. */
const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

const maxValues = 4;

/** Throws a TypeError that describes what is wrong with the secret, without any of its content. */
const parseValues = (secret: string): readonly string[] => {
  const values = parseJson(secret);
  const isList = Array.isArray(values) && values.length >= 1 && values.length <= maxValues;
  if (
    !isList ||
    !values.every((value) => typeof value === 'string' && /^[!-~]{32,}$/.test(value))
  ) {
    throw new TypeError(
      `The proxy's secret must be a JSON list of 1 to ${maxValues} texts of 32 visible ASCII characters or more`,
    );
  }
  return values as readonly string[];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The message of JSON.parse quotes its input.
  }
};
