import { Agent, type AgentOptions, type RequestOptions } from 'node:http';
import { isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';

/** Options of a request that limit the time to connect to the time of the request. */
export interface ConnectOptions extends RequestOptions {
  readonly connectTimeoutMs: number;
}

/** No connection could be made. `cause` is the error of the last attempt. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: string;
  /** Name, port and the error of each address, for the log: `users.internal:8080 (10.0.0.7 ECONNREFUSED)`. */
  readonly dialed: string;

  constructor(code: string, dialed: string, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.dialed = dialed;
  }
}

/** The resolver is loaded only if there is a name to look up. */
const systemLookup: LookupFunction = (host, options, done) =>
  process.getBuiltinModule('node:dns').lookup(host, options, done);

/** RFC 8305 §8: after this time, the next address is tried in parallel. */
const attemptDelayMs = 250;

/**
 * An agent that connects by RFC 8305: it tries all addresses of a name, with alternating families, each in parallel
 * with the ones before, and uses the first connection. Node itself ends each attempt except the last after 250 ms
 * (nodejs/node#54359).
 */
export const createAgent = (
  isTls: boolean,
  settings: AgentOptions,
  lookup: LookupFunction = systemLookup,
): Agent => {
  // TLS is loaded only if an origin needs it.
  const agent = isTls
    ? new (process.getBuiltinModule('node:https').Agent)(settings)
    : new Agent(settings);
  // With TLS, too, only the TCP connections race. The handshake follows on the first one.
  const open = agent.createConnection.bind(agent) as Open;
  agent.createConnection = (options, done) => {
    race(open, options as Options, lookup, done as Done);
    return undefined;
  };
  return agent;
};

type Options = TcpNetConnectOpts & ConnectOptions;
type Open = (options: Options) => Socket;
type Done = (error: Error | null, socket?: Socket) => void;

const race = (open: Open, options: Options, lookup: LookupFunction, done: Done): void => {
  const { host = '', port, connectTimeoutMs } = options;
  const failures = new Map<string, string>();
  const pending = new Map<string, Socket>();
  let waiting: readonly string[] = [];
  let next: NodeJS.Timeout | undefined;
  let isOver = false;

  const end = (error: Error | null, winner?: Socket): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(next);
    clearTimeout(deadline);
    for (const socket of pending.values()) if (socket !== winner) socket.destroy();
    done(error, winner);
  };
  const fail = (code: string, cause?: unknown): void => {
    for (const address of pending.keys()) failures.set(address, code);
    const each = [...failures].map((failure) => failure.join(' ')).join(', ');
    end(new ConnectionError(code, `${host}:${port}${each === '' ? '' : ` (${each})`}`, cause));
  };
  const deadline = setTimeout(() => fail('CONNECT_TIMEOUT'), connectTimeoutMs);

  const begin = (delayMs: number): void => {
    clearTimeout(next);
    const [address, ...others] = waiting;
    if (address === undefined || isOver) return;
    waiting = others;
    const socket = open({ ...options, host: address });
    pending.set(address, socket);
    socket.once('connect', () => end(null, socket));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (isOver) return;
      pending.delete(address);
      failures.set(address, error.code ?? 'unknown');
      if (waiting.length > 0) begin(delayMs);
      else if (pending.size === 0) fail(error.code ?? 'unknown', error);
    });
    if (waiting.length > 0) next = setTimeout(() => begin(delayMs), delayMs);
  };
  const beginAll = (addresses: readonly string[]): void => {
    waiting = addresses;
    // If the time is short, the last address gets its share, too.
    begin(Math.min(attemptDelayMs, connectTimeoutMs / addresses.length));
  };

  if (isIP(host) !== 0) return beginAll([host]);
  lookup(host, { all: true }, (error, found) => {
    if (isOver) return;
    if (error !== null) return fail(error.code ?? 'unknown', error);
    const addresses = typeof found === 'string' ? [found] : inTurn(found);
    if (addresses.length > 0) beginAll(addresses);
    else fail('ENOTFOUND');
  });
};

/** RFC 8305 §4: the resolver's order (RFC 6724), with alternating families. */
const inTurn = (
  found: readonly { readonly address: string; readonly family: number }[],
): readonly string[] => {
  const first = found.filter(({ family }) => family === found[0]?.family);
  const second = found.filter(({ family }) => family !== found[0]?.family);
  return Array.from({ length: Math.max(first.length, second.length) }, (_, index) => [
    first[index],
    second[index],
  ])
    .flat()
    .flatMap((each) => each?.address ?? []);
};
