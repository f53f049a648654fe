import { hexDigest, type WebhookScheme } from './webhook-scheme.ts';

/**
 * `X-Hub-Signature-256: sha256=<hex>` over the body.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const github: WebhookScheme = {
  read: ({ 'x-hub-signature-256': header }) => {
    if (header === undefined) return undefined;
    const signature = header.startsWith('sha256=') ? hexDigest(header.slice(7)) : undefined;
    if (signature === undefined) return { reason: 'malformed' };
    return { signatures: [signature], prefix: '', sentAtSeconds: undefined };
  },
  keyOf: (value) => Buffer.from(value),
};
