import type { SettingsReader } from '../../../environment.ts';
import { foldedName } from '../../../http/withheld-headers.ts';
import type { Forwarded, ForwardInput, UpstreamTools } from '../../../parts.ts';
import type { Connect, OutgoingRequest } from '../../../transport/connections.ts';

/** What one upstream has beyond what all have: it stands between the upstream and the connections to it. */
export interface Extended {
  /** Each attempt goes through the connections that this makes. They may reject with a GatewayError. */
  readonly connect: (inner: Connect) => Connect;
  /** For what only the request of the client has. */
  readonly around?: (
    input: ForwardInput<'http'>,
    next: () => Promise<Forwarded>,
  ) => Promise<Forwarded>;
}

/** Reads its settings first, as a kind of upstream does. */
export type Extension = (
  reader: SettingsReader,
) => (tools: UpstreamTools, upstream: string) => Extended;

/** Connections whose requests are changed before each attempt. */
export const changing =
  (
    change: (request: OutgoingRequest, deadlineMs: number) => Promise<OutgoingRequest>,
  ): Extended['connect'] =>
  (inner) =>
  (url, options) => {
    const connections = inner(url, options);
    return {
      send: async (request, deadlineMs) =>
        connections.send(await change(request, deadlineMs), deadlineMs),
      closeIdle: () => connections.closeIdle(),
    };
  };

/** The request with this header in place of one that the client sent, whose name it may have spelled in another way. */
export const withHeader = (
  request: OutgoingRequest,
  name: string,
  value: string,
): OutgoingRequest => {
  const headers: string[] = [];
  for (let index = 0; index + 1 < request.headers.length; index += 2) {
    const [own = '', text = ''] = request.headers.slice(index, index + 2);
    if (foldedName(own) !== name) headers.push(own, text);
  }
  return { ...request, headers: [...headers, name, value] };
};
