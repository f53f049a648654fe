import { hexDigest, secondsIn, type WebhookScheme } from './webhook-scheme.ts';

/**
 * `Stripe-Signature: t=<seconds>,v1=<hex>`, perhaps with several `v1`, over `<seconds>.<body>`. The secret is the key as
 * it is written, `whsec_` included. https://docs.stripe.com/webhooks/signature
 */
export const stripe: WebhookScheme = {
  read: ({ 'stripe-signature': header }) => {
    if (header === undefined) return undefined;
    const valuesOf = (name: string): readonly string[] =>
      header.split(',').flatMap((item) => (item.startsWith(name) ? [item.slice(name.length)] : []));
    const [time = '', ...furtherTimes] = valuesOf('t=');
    if (furtherTimes.length > 0) return { reason: 'malformed' };
    const sentAtSeconds = secondsIn(time);
    if (sentAtSeconds === undefined) return { reason: 'time' };
    const signatures = valuesOf('v1=').flatMap((text) => hexDigest(text) ?? []);
    if (signatures.length === 0) return { reason: 'no-signature' };
    return { signatures, prefix: `${time}.`, sentAtSeconds };
  },
  keyOf: (value) => Buffer.from(value),
};
