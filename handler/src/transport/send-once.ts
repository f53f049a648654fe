import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionError } from './happy-eyeballs.ts';
import { type Attempt, failed, type Failure } from './attempt.ts';
import { gatherBody } from './gathered-body.ts';
import { readBeforeDestroy } from './read-before-destroy.ts';

interface Connection {
  readonly isTls: boolean;
  /** Name and port, for the log. */
  readonly dialed: string;
  readonly maxBodyBytes: number;
}

type Settle = (attempt: Attempt) => void;

/**
 * Sends the body and collects the whole response. Never rejects. Afterwards no timer is left, and the request body is
 * not read any more.
 *
 * @param remainingMs until the deadline, for everything: connecting, TLS, sending, and the response up to its last byte.
 */
export const sendOnce = (
  outgoing: ClientRequest,
  body: Buffer | string | undefined,
  connection: Connection,
  remainingMs: number,
): Promise<Attempt> =>
  new Promise((resolve) => {
    const { failureOf, timeout } = watchConnection(outgoing, connection);
    let isSettled = false;
    let hasResponse = false;
    let failure: Failure | undefined;
    const settle: Settle = (attempt) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      // The response came before the request was sent completely: the upstream reads no more of it, and the connection
      // cannot be reused.
      if (attempt.kind === 'failed' || !outgoing.writableFinished) outgoing.destroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => settle(timeout()), remainingMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      failure = failureOf(error);
      // If the connection failed, a started response may still be complete. If the parser failed, it is not.
      if (!hasResponse || error.syscall === undefined) settle(failure);
    });
    outgoing.on('response', (response) => {
      hasResponse = true;
      readResponse(response, connection.maxBodyBytes, settle);
      // After `end` this event has no meaning. Without `end`, the response is incomplete.
      response.on('close', () => settle(failure ?? failed('bad-response')));
    });
    // An upgrade that was not requested ends only with this event.
    outgoing.on('close', () => hasResponse || settle(failed('bad-response')));
    outgoing.end(body);
  });

/** Observes on the socket how far the request got. */
const watchConnection = (outgoing: ClientRequest, { isTls, dialed }: Connection) => {
  let isConnected = false;
  let bytesReadBefore = 0;
  let address = '';
  outgoing.on('socket', (socket: Socket) => {
    bytesReadBefore = socket.bytesRead;
    isConnected = outgoing.reusedSocket || !isTls;
    if (outgoing.reusedSocket) return;
    readBeforeDestroy(socket);
    if (!isTls) return;
    address = socket.remoteAddress ?? '';
    socket.once('secureConnect', () => (isConnected = true));
  });
  const withAddress = (): string => (address === '' ? dialed : `${dialed} (${address})`);
  return {
    failureOf: (error: NodeJS.ErrnoException): Failure => {
      const { code = 'unknown' } = error;
      if (code === 'CONNECT_TIMEOUT') return failed('connect-timeout', error);
      if (error instanceof ConnectionError) return failed('unreachable', error);
      if (!isConnected) {
        return failed('unreachable', new ConnectionError(code, withAddress(), error));
      }
      if (code === 'HPE_HEADER_OVERFLOW') return failed('response-too-large', error);
      const hasBegun = outgoing.socket !== null && outgoing.socket.bytesRead > bytesReadBefore;
      return failed(hasBegun ? 'bad-response' : 'no-response', error);
    },
    timeout: (): Failure => {
      if (isConnected) return failed('timeout');
      const code = address === '' ? 'CONNECT_TIMEOUT' : 'TLS_TIMEOUT';
      return failed('connect-timeout', new ConnectionError(code, withAddress()));
    },
  };
};

const readResponse = (response: IncomingMessage, maxBodyBytes: number, settle: Settle): void => {
  const { statusCode = 0, rawHeaders } = response;
  if (statusCode < 200 || statusCode > 599) return settle(failed('bad-response'));
  const body = gatherBody(() => declaredBytes(response, maxBodyBytes));
  response.on('data', (chunk: Buffer) => {
    if (body.add(chunk) > maxBodyBytes) settle(failed('response-too-large'));
  });
  response.on('end', () =>
    settle({ kind: 'responded', statusCode, rawHeaders, body: body.whole() }),
  );
};

/** A longer response than can be forwarded needs no memory. The parser enforces `content-length`. */
const declaredBytes = ({ headers }: IncomingMessage, maxBodyBytes: number): number | undefined => {
  const bytes = Number(headers['content-length']);
  return bytes <= maxBodyBytes ? bytes : undefined;
};
