import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  respondWith,
  type Behavior,
  drip,
  hang,
  late,
  refuseWith,
  reset,
  truncate,
} from '../fake-aws/behaviors.ts';
import { type AwsRequest, startFakeAws } from '../fake-aws/fake-aws.ts';
import { selfSignedCertificate } from '../self-signed-certificate.ts';

/** The faults of a dependency. `none` is the normal state. */
export type Fault = (typeof faultNames)[number];

export const faultNames = [
  'none',
  'refused',
  'reset',
  'black hole',
  '1 s late',
  '10 s late',
  'throttled',
  '500',
  'truncated',
  'drip',
  'no HTTP',
  'no JSON',
  'unknown name',
  'bad certificate',
] as const;

/** The behavior of a dependency. */
export interface Behaviors {
  /** The body of its normal response. */
  readonly sound: (request: AwsRequest) => string;
  readonly throttled: Behavior;
  readonly broken: Behavior;
}

export const awsBehaviors = (secret: string): Behaviors => ({
  sound: ({ target }) => {
    if (target.endsWith('GetSecretValue')) return JSON.stringify({ SecretString: secret });
    const fullAt = { N: `${Date.now()}000` };
    const result = target.endsWith('GetItem')
      ? { Item: aliceItem() }
      : { Attributes: { full_at: fullAt } };
    return JSON.stringify(result);
  },
  throttled: refuseWith('ThrottlingException'),
  broken: refuseWith('InternalServerError', {}, 500),
});

const aliceItem = () => ({
  data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }] } } },
  ttl: { N: String(Math.floor(Date.now() / 1_000) + 3_600) },
});

const json = { 'content-type': 'application/json' };

export const upstreamBehaviors: Behaviors = {
  sound: () => '{"from":"the service, in words that are enough for a drip past the deadline"}',
  throttled: respondWith(429, '{"slow":"down"}', { ...json, 'retry-after': '7' }),
  broken: respondWith(500, '{"from":"the service"}', json),
};

export interface FaultyServer {
  readonly url: string;
  /** Whole requests that reached it while the fault was on. */
  readonly calls: () => number;
  /** Activates the fault. */
  turn(fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

const dripMs = 50;

/** A dependency with a fault from the start or from `turn` on, for requests that match `meets`. */
export const startFaultyServer = async (
  { sound, throttled, broken }: Behaviors,
  fault: Fault,
  meets: (request: AwsRequest) => boolean = () => true,
): Promise<FaultyServer> => {
  if (fault in unreachable || fault === 'bad certificate') return startUnreachable(fault);
  const respond: Behavior = (response, request) => respondWith(200, sound(request), json)(response);
  const behaviors: Readonly<Partial<Record<Fault, Behavior>>> = {
    reset,
    'black hole': hang,
    '1 s late': late(1_000, respond),
    '10 s late': late(10_000, respond),
    throttled,
    '500': broken,
    truncated: truncate,
    drip: (response, request) => drip(sound(request), dripMs)(response, request),
    'no HTTP': (response) => void response.socket?.write('220 mail.example ESMTP\r\n'),
    'no JSON': (response, request) =>
      respondWith(200, sound(request).replace('{', '['), json)(response),
  };
  let current: Fault = fault;
  let calls = 0;
  const server = await startFakeAws({ keepsRequests: false });
  server.behave((response, request) => {
    if (!meets(request)) return respond(response, request);
    calls += 1;
    return (behaviors[current] ?? respond)(response, request);
  });
  return {
    url: server.endpoint.href,
    calls: () => calls,
    turn: async (next) => {
      calls = 0;
      current = next;
      if (next === 'refused') await server.stop();
    },
    stop: () => server.stop(),
  };
};

const unreachable: Readonly<Partial<Record<Fault, string>>> = {
  /** A loopback address without a listener: port 1 is privileged and not used. */
  refused: 'http://127.0.0.1:1',
  /** RFC 6761 §6.4: such a name never resolves. */
  'unknown name': 'http://postern.invalid',
};

/** No request arrives. With a bad certificate, a connection is made first. */
const startUnreachable = async (fault: Fault): Promise<FaultyServer> => {
  const server = createTlsServer(selfSignedCertificate());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: unreachable[fault] ?? `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => 0,
    turn: async () => undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
