import { secondsIn, type WebhookScheme } from './webhook-scheme.ts';

/**
 * `webhook-signature: v1,<base64>`, perhaps several separated by spaces, over `<webhook-id>.<webhook-timestamp>.<body>`.
 * Svix, which it comes from, names the headers `svix-…`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardWebhooks: WebhookScheme = {
  read: (headers) => {
    const family = headers['webhook-signature'] === undefined ? 'svix' : 'webhook';
    const header = headers[`${family}-signature`];
    if (header === undefined) return undefined;
    const id = headers[`${family}-id`] ?? '';
    // With a dot in it, parts of the id and of the body could change places.
    if (!/^[^.]{1,256}$/.test(id)) return { reason: 'id' };
    const time = headers[`${family}-timestamp`];
    const sentAtSeconds = secondsIn(time);
    if (sentAtSeconds === undefined) return { reason: 'time' };
    const signatures = header
      .split(' ')
      .flatMap((item) => (signature.test(item) ? [Buffer.from(item.slice(3), 'base64')] : []));
    if (signatures.length === 0) return { reason: 'no-signature' };
    return { signatures, prefix: `${id}.${time}.`, sentAtSeconds };
  },
  keyOf: (value) => {
    const key = Buffer.from(value.replace(/^whsec_/, ''), 'base64');
    const isBase64 = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(value);
    if (isBase64 && key.length >= leastKeyBytes && key.length <= mostKeyBytes) return key;
    throw new TypeError(
      `Each value of the secret must be base64 of ${leastKeyBytes} to ${mostKeyBytes} bytes, with or without whsec_ in front`,
    );
  },
};

/** Of a SHA-256. Signatures of other versions, such as the asymmetric `v1a`, are left out. */
const signature = /^v1,[A-Za-z0-9+/]{43}=$/;

/** By the specification. */
const leastKeyBytes = 24;
const mostKeyBytes = 64;
