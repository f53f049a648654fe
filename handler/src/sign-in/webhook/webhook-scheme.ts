import type { GatewayRequest } from '../../http/request.ts';

/** A way to sign webhooks with HMAC-SHA256 and a shared secret. */
export interface WebhookScheme {
  /** What the request's headers offer. Undefined: the request has no signature of this scheme. */
  readonly read: (headers: GatewayRequest['headers']) => Offer | Refused | undefined;
  /** The key that a value of the secret stands for. Throws a TypeError without any of the value. */
  readonly keyOf: (value: string) => Buffer;
}

export interface Offer {
  /** Several while the sender changes its secret: one that fits is enough. */
  readonly signatures: readonly Buffer[];
  /** What is signed in front of the body. */
  readonly prefix: string;
  /** Epoch seconds. Undefined: the scheme has no time. */
  readonly sentAtSeconds: number | undefined;
}

export interface Refused {
  readonly reason: keyof typeof reasons;
}

/** Why a webhook is refused, for the log. A client learns only that it is. */
export const reasons = {
  malformed: 'the signature header is not in the form of the scheme, or was sent twice',
  'no-signature': 'the signature header has no signature of the version v1 (HMAC-SHA256)',
  id: 'the id of the webhook is missing, has a dot, or has more than 256 characters',
  time: 'the timestamp of the webhook is missing or not in seconds',
  old: "the webhook was sent longer ago than the contract's tolerance: it is a replay, or a clock is wrong",
  early:
    "the webhook was sent further in the future than the contract's tolerance: a clock is wrong",
  forged:
    'the signature fits no value of the secret: the sender has another secret, or the body was changed on its way',
} as const;

/** Epoch seconds, or undefined. */
export const secondsIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;

/** A SHA-256 in hexadecimal, or undefined. */
export const hexDigest = (text: string): Buffer | undefined =>
  /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
