import type { Connections } from '../../../transport/connections.ts';
import { type Extended, withHeader } from './extension.ts';

/** What is sent in a header, and can be another one later. */
export interface Renewable {
  /** Throws UPSTREAM_CREDENTIALS_UNAVAILABLE. */
  current(deadlineMs: number): Promise<string>;
  /** In place of one that the upstream refuses; undefined: there is no other. */
  renewed(refused: string, deadlineMs: number): Promise<string | undefined>;
}

/**
 * Sends the credential with each attempt. After a 401, the request is sent once more if there is another credential: a
 * service that refuses a request has not carried it out (RFC 9110 §15.5.2). Otherwise the 401 is the response.
 */
export const sendWith =
  (
    credential: Renewable,
    { header, prefix, onRefusal }: { header: string; prefix: string; onRefusal: () => void },
  ): Extended['connect'] =>
  (inner) =>
  (url, options) => {
    const connections: Connections = inner(url, options);
    return {
      send: async (request, deadlineMs) => {
        const send = (value: string) =>
          connections.send(withHeader(request, header, prefix + value), deadlineMs);
        const value = await credential.current(deadlineMs);
        const first = await send(value);
        if (first.kind === 'failed' || first.statusCode !== 401) return first;
        const other = await credential.renewed(value, deadlineMs).catch(() => undefined);
        if (other === undefined || options.now() >= deadlineMs) {
          onRefusal();
          return first;
        }
        return send(other);
      },
      closeIdle: () => connections.closeIdle(),
    };
  };
