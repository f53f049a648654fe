import type { ClientRequest, IncomingMessage } from 'node:http';
import { maxResultBytes } from '../http/response-to-result.ts';
import { type Attempt, failed, type Failure } from './attempt.ts';
import { gatherBody } from './gathered-body.ts';

interface Options {
  readonly isTls: boolean;
  /** For everything: connecting, TLS, sending, and the answer's last byte. */
  readonly timeoutMs: number;
}

type Settle = (attempt: Attempt) => void;

/** Sends the body and gathers the whole answer. Never rejects; afterwards no timer is left, and nobody reads the body. */
export const sendOnce = (
  outgoing: ClientRequest,
  body: Buffer | undefined,
  { isTls, timeoutMs }: Options,
): Promise<Attempt> =>
  new Promise((resolve) => {
    const failureOf = watchConnection(outgoing, isTls);
    let isSettled = false;
    let hasResponse = false;
    const settle: Settle = (attempt) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      // An answer before the request is sent: the upstream wants no more of it, and the connection is of no use.
      if (attempt.kind === 'failed' || !outgoing.writableFinished) outgoing.destroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => settle(failed('timeout')), timeoutMs);
    outgoing.on('error', (error) => settle(failureOf(error)));
    outgoing.on('response', (response) => {
      hasResponse = true;
      readAnswer(response, settle);
    });
    // An unasked upgrade ends in nothing but this; once there is a response, its own end counts.
    outgoing.on('close', () => hasResponse || settle(failed('bad-answer')));
    outgoing.end(body);
  });

/** Learns from the socket how far the request got. */
const watchConnection = (outgoing: ClientRequest, isTls: boolean): ((error: Error) => Failure) => {
  let isConnected = false;
  let bytesReadBefore = 0;
  outgoing.on('socket', (socket) => {
    isConnected = outgoing.reusedSocket;
    bytesReadBefore = socket.bytesRead;
    if (!isConnected) socket.once(isTls ? 'secureConnect' : 'connect', () => (isConnected = true));
  });
  return (error) => {
    if (!isConnected) return failed('unreachable', error);
    const hasAnswerBegun = outgoing.socket !== null && outgoing.socket.bytesRead > bytesReadBefore;
    return failed(hasAnswerBegun ? 'bad-answer' : 'no-answer', error);
  };
};

const readAnswer = (response: IncomingMessage, settle: Settle): void => {
  const { statusCode = 0, rawHeaders } = response;
  if (statusCode < 200 || statusCode > 599) return settle(failed('bad-answer'));
  const body = gatherBody(() => declaredBytes(response));
  response.on('data', (chunk: Buffer) => {
    body.add(chunk);
    if (body.bytes > maxResultBytes) settle(failed('answer-too-large'));
  });
  response.on('end', () =>
    settle({ kind: 'answered', statusCode, rawHeaders, body: body.whole() }),
  );
  // After `end` it says nothing new; without one, the answer broke off.
  response.on('close', () => settle(failed('bad-answer')));
};

/** More than can be handed on is not worth its room; the parser holds an answer to its `content-length`. */
const declaredBytes = ({ headers }: IncomingMessage): number | undefined => {
  const bytes = Number(headers['content-length']);
  return bytes <= maxResultBytes ? bytes : undefined;
};
