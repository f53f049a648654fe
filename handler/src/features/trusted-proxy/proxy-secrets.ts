import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRotatingSecret } from '../../stores/secrets/rotating-secret.ts';

/** What the proxy in front proves itself with: several values at once, so that a new one can take over. */
export interface ProxySecrets {
  /**
   * Whether it is one of the values, compared in constant time. An unknown one may be new: the secret is then read again,
   * once a minute at most. Throws PROXY_SECRET_UNAVAILABLE where no value was ever read.
   */
  accept(value: string, deadlineMs: number): Promise<boolean>;
  /** Reads the values now. Throws PROXY_SECRET_UNAVAILABLE. */
  load(deadlineMs: number): Promise<unknown>;
}

interface Dependencies {
  /** The secret's JSON. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
  readonly onReadFailure: (error: unknown) => void;
}

/** Values that were read outlive a failing re-read. */
export const createProxySecrets = (dependencies: Dependencies): ProxySecrets => {
  const secret = createRotatingSecret({ ...dependencies, parse: digestsIn, unavailable });
  return {
    load: (deadlineMs) => secret.load(deadlineMs),
    accept: async (value, deadlineMs) => {
      const digest = digestOf(value);
      const isKnown = (digests: readonly Buffer[]): true | undefined => {
        let found: true | undefined;
        for (const known of digests) found = timingSafeEqual(known, digest) || found;
        return found;
      };
      return (await secret.find(isKnown, deadlineMs)) === true;
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
const digestsIn = (secret: string): readonly Buffer[] => {
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
  return (values as readonly string[]).map(digestOf);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The message of JSON.parse quotes its input.
  }
};
