import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { GatewayResponse } from '../../http/response.ts';

/** A response as text: status, headers and cookies as JSON, and the compressed body. */
export interface StoredResponse {
  readonly head: string;
  readonly body: string;
}

/** DynamoDB's limit for an item is 400 KB; the other attributes need less than the rest. */
const maxChars = 390_000;

/** Undefined: the response is too large to be kept. */
export const encodeResponse = ({
  body = '',
  ...head
}: GatewayResponse): StoredResponse | undefined => {
  const stored = {
    head: JSON.stringify(head),
    body: deflateRawSync(body).toString('base64'),
  };
  return Buffer.byteLength(stored.head) + stored.body.length <= maxChars ? stored : undefined;
};

/** The same bytes. */
export const decodeResponse = ({ head, body }: StoredResponse): GatewayResponse => ({
  ...(JSON.parse(head) as Omit<GatewayResponse, 'body'>),
  body: inflateRawSync(Buffer.from(body, 'base64')),
});
