import { badBody, objectFrom } from './collection.ts';
import type { DemoResponse, Received } from './exchange.ts';

/** The behavior of a service instead of a normal response, for a number of further requests. */
export interface Misbehaviour {
  readonly delayMs?: number;
  readonly status?: number;
  /** Ends the connection: before a response, or in the middle of its body. */
  readonly disconnect?: 'before' | 'within';
  readonly headers?: Readonly<Record<string, string>>;
  /** The response body as base64. */
  readonly bodyBase64?: string;
  /** How many requests; absent: until it is taken back. */
  readonly times?: number;
}

const mostKept = 100;

/**
 * For tests and the curious, beside a service's own paths: `/__echo` responds with the received request, `GET|DELETE
 * /__received` has the latest others, and `PUT|DELETE /__misbehaviour` makes the service slow or faulty until changed.
 */
export const diagnostics = () => {
  const received: Received[] = [];
  let misbehaviour: Misbehaviour | undefined;
  let timesLeft = 0;

  const paths: Readonly<Record<string, (request: Received) => DemoResponse>> = {
    '/__echo': (request) => ({ status: 200, body: described(request) }),
    '/__received': ({ method }) => {
      if (method === 'DELETE') received.length = 0;
      return { status: 200, body: received.map(described) };
    },
    '/__misbehaviour': ({ method, body }) => {
      const wanted = method === 'DELETE' ? {} : (objectFrom(body) as Misbehaviour | undefined);
      if (wanted === undefined) return badBody;
      misbehaviour = method === 'DELETE' ? undefined : wanted;
      timesLeft = wanted.times ?? Infinity;
      return { status: 200, body: misbehaviour ?? {} };
    },
  };

  return {
    respond: (request: Received): DemoResponse | undefined => paths[request.path]?.(request),
    /** Records a request to the service, and returns the behavior for it. */
    onRequest: (request: Received): Misbehaviour | undefined => {
      received.push(request);
      if (received.length > mostKept) received.shift();
      if (misbehaviour === undefined || timesLeft <= 0) return undefined;
      timesLeft -= 1;
      return misbehaviour;
    },
  };
};

const described = ({ service, method, url, rawHeaders, body }: Received) => ({
  service,
  method,
  url,
  rawHeaders,
  bodyBase64: body.toString('base64'),
});
