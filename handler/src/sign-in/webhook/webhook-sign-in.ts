import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { isSecretArn } from '../../aws/secret-arn.ts';
import { valueVariable } from '../../contract-values.ts';
import { matchOf } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInMethod } from '../../parts.ts';
import { createRotatingSecret } from '../../stores/secrets/rotating-secret.ts';
import { describeError } from '../../telemetry/logger.ts';
import type { WebhookPolicy } from './policy.ts';
import { parseKeys } from './webhook-keys.ts';
import { type Offer, reasons, type Refused, type WebhookScheme } from './webhook-scheme.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    /** One for each security scheme: each has a secret of its own. */
    readonly [scheme: `webhook:${string}`]: true;
  }
}

/**
 * A service that signs its webhooks, for one security scheme: the caller is the contract's consumer. The signature is
 * that of the body's bytes as they arrived. A webhook is accepted as often as it is sent within the tolerance: nothing
 * remembers it.
 */
export const webhookSignIn =
  (signs: WebhookScheme, policy: WebhookPolicy): SignInMethod =>
  (reader) => {
    const { scheme, consumer, toleranceSeconds } = policy;
    const arn = reader.read(
      valueVariable(policy.secret),
      'the whole ARN of a Secrets Manager secret',
      (text) => (isSecretArn(text) ? text : undefined),
    );
    return ({ secrets, log, now, startEndsMs }) => {
      const secret = createRotatingSecret({
        readSecret: (deadlineMs) => secrets.getSecretString(arn, { deadlineMs }),
        parse: (text) => parseKeys(text, signs.keyOf),
        unavailable,
        now,
        onReadFailure: (error) => {
          const reason = error instanceof TypeError ? error.message : undefined; // A fixed text.
          log.error('the secret of a webhook cannot be read', {
            scheme,
            reason,
            error: describeError(error),
          });
        },
      });
      // Asked for now, while Lambda gives a starting environment a whole core, and not awaited.
      secret.load(startEndsMs).catch(() => undefined);

      const assertTimely = ({ sentAtSeconds }: Offer): void => {
        const ageSeconds = sentAtSeconds === undefined ? 0 : now() / 1_000 - sentAtSeconds;
        if (ageSeconds > toleranceSeconds) throw invalid('old');
        if (ageSeconds < -toleranceSeconds) throw invalid('early');
      };

      return {
        authenticate: async (exchange) => {
          const { headers, body } = exchange.request;
          const offer = signs.read(headers);
          if (offer === undefined) throw missing();
          assertSize(body, matchOf(exchange).route.maxBodyBytes);
          if ('reason' in offer) throw invalid(offer.reason);
          assertTimely(offer);
          const isGenuine = (keys: readonly KeyObject[]) => fits(offer, body, keys) || undefined;
          if (!(await secret.find(isGenuine, exchange.deadlineMs))) throw invalid('forged');
          const caller = { userId: consumer, consumer, roles: [] };
          exchange.claims = caller;
          exchange.session = Promise.resolve(caller);
        },
        checks: { [`webhook_secret_${scheme}`]: (deadlineMs) => secret.load(deadlineMs) },
      };
    };
  };

/** Computes one HMAC for each key, whatever was sent, and compares it with all signatures in constant time. */
const fits = (
  { signatures, prefix }: Offer,
  body: Buffer | undefined,
  keys: readonly KeyObject[],
): boolean => {
  let isFound = false;
  for (const key of keys) {
    const expected = createHmac('sha256', key)
      .update(prefix)
      .update(body ?? '')
      .digest();
    for (const signature of signatures) isFound = timingSafeEqual(expected, signature) || isFound;
  }
  return isFound;
};

/** Before anything is computed: a forged body must not cost more than a genuine one may. */
const assertSize = (body: Buffer | undefined, maxBodyBytes: number): void => {
  if (body === undefined || body.length <= maxBodyBytes) return;
  throw new GatewayError('BODY_TOO_LARGE', {
    detail: `Send at most ${maxBodyBytes} bytes; the body has ${body.length}.`,
  });
};

/** RFC 9110 §15.5.2 requires a challenge. No scheme is registered for webhooks. */
const challenge = { 'www-authenticate': 'Webhook realm="postern"' };

const missing = (): GatewayError =>
  new GatewayError('CREDENTIALS_MISSING', {
    detail: 'Sign the webhook, and send the signature in the header of its scheme.',
    headers: challenge,
  });

const invalid = (reason: Refused['reason']): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', {
    detail: 'Sign the body as it is sent, with the current secret and time.',
    headers: challenge,
    note: reasons[reason],
  });

const unavailable = (cause: unknown): GatewayError =>
  new GatewayError('WEBHOOK_SECRET_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });
