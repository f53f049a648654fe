import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { rawUpstream } from '../raw-upstream.ts';
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

/** The normal responses of a dependency. */
export interface ServerResponses {
  readonly sound: (request: string) => string;
  readonly throttled: string;
  readonly broken: string;
}

export interface FaultyServer {
  readonly url: string;
  /** Whole requests that reached it while the fault was on. */
  readonly asked: () => number;
  /** Activates the fault. */
  turn(fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

/** A loopback address without a listener: port 1 is privileged and not used. */
const refusing = 'http://127.0.0.1:1';

/** RFC 6761 §6.4: such a name never resolves. */
const nameless = 'http://postern.invalid';

const dripMs = 50;

/** A dependency on a raw socket, with a fault from the start or from `turn` on, for requests that match `meets`. */
export const startFaultyServer = async (
  responses: ServerResponses,
  fault: Fault,
  meets: (request: string) => boolean = () => true,
): Promise<FaultyServer> => {
  if (fault === 'refused') return unreachable(refusing);
  if (fault === 'unknown name') return unreachable(nameless);
  if (fault === 'bad certificate') return startUntrusted();
  let current: Fault = fault;
  let asked = 0;
  const server = await rawUpstream((request, socket) => {
    if (!meets(request)) return void socket.write(responses.sound(request), 'latin1');
    asked += 1;
    act[current](socket, responses.sound(request), responses);
  });
  return {
    url: server.url.href,
    asked: () => asked,
    turn: async (next) => {
      asked = 0;
      current = next;
      if (next === 'refused') await server.close();
    },
    stop: () => server.close(),
  };
};

type Act = (socket: Socket, sound: string, responses: ServerResponses) => void;

const write: Act = (socket, sound) => void socket.write(sound, 'latin1');
const nothing: Act = () => undefined;
const lateBy =
  (ms: number): Act =>
  (socket, sound) => {
    const timer = setTimeout(() => socket.write(sound, 'latin1'), ms);
    socket.on('close', () => clearTimeout(timer));
  };

const act: Readonly<Record<Fault, Act>> = {
  none: write,
  reset: (socket) => void socket.resetAndDestroy(),
  'black hole': nothing,
  '1 s late': lateBy(1_000),
  '10 s late': lateBy(10_000),
  throttled: (socket, _, { throttled }) => void socket.write(throttled, 'latin1'),
  '500': (socket, _, { broken }) => void socket.write(broken, 'latin1'),
  truncated: (socket, sound) => void socket.end(sound.slice(0, -2), 'latin1'),
  drip: (socket, sound) => {
    let sent = 0;
    const timer = setInterval(() => {
      socket.write(sound.charAt(sent), 'latin1');
      sent += 1;
      if (sent === sound.length) clearInterval(timer);
    }, dripMs);
    socket.on('close', () => clearInterval(timer));
  },
  'no HTTP': (socket) => void socket.write('220 mail.example ESMTP\r\n', 'latin1'),
  'no JSON': (socket, sound) =>
    void socket.write(sound.replace('\r\n\r\n{', '\r\n\r\n['), 'latin1'),
  refused: nothing,
  'unknown name': nothing,
  'bad certificate': nothing,
};

const unreachable = async (url: string): Promise<FaultyServer> => ({
  url,
  asked: () => 0,
  turn: async () => undefined,
  stop: async () => undefined,
});

/** Uses TLS with an untrusted certificate. */
const startUntrusted = async (): Promise<FaultyServer> => {
  let asked = 0;
  const server = createTlsServer(selfSignedCertificate(), () => (asked += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    turn: async () => undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
