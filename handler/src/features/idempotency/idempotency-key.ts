import { GatewayError } from '../../http/gateway-error.ts';

export const keyHeader = 'idempotency-key';

/**
 * A string of Structured Field Values (RFC 9651 §3.3.3), `"…"`, as the draft has it, or the same without quotes, as
 * many clients send it: both are the same key. Throws BAD_REQUEST for anything else.
 */
export const readKey = (sent: string): string => {
  const [, quoted, bare] = keys.exec(sent) ?? [];
  const key = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
  if (key !== undefined && key !== '' && key.length <= maxChars) return key;
  throw new GatewayError('BAD_REQUEST', {
    detail: `Send one Idempotency-Key of up to ${maxChars} printable characters, such as a UUID.`,
  });
};

const maxChars = 255;

/** Repeated headers arrive joined with commas, which a key without quotes cannot have. */
const keys = /^(?:"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"|([\x21\x23-\x2b\x2d-\x7e]+))$/;
