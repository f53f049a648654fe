import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawUpstream } from '../raw-upstream.ts';
import { type Answered, plainAnswer, type RawAnswer } from './fidelity-case.ts';

/** A service that records the exact bytes it receives and responds with the exact bytes of a case. */
export interface RecordingService {
  readonly url: URL;
  /** What came while `act` ran. */
  during<T>(
    answer: Answered | RawAnswer | undefined,
    act: () => Promise<T>,
  ): Promise<{ readonly received: readonly string[]; readonly result: T }>;
  close(): Promise<void>;
}

export const startRecordingService = async (): Promise<RecordingService> => {
  let answer: Answered | RawAnswer = plainAnswer;
  const upstream = await rawUpstream((request, socket) => void play(answer, request, socket));
  return {
    url: upstream.url,
    during: async (wanted, act) => {
      answer = wanted ?? plainAnswer;
      upstream.requests.length = 0;
      const result = await act();
      return { received: upstream.requests.splice(0), result };
    },
    close: () => upstream.close(),
  };
};

const play = async (
  answer: Answered | RawAnswer,
  request: string,
  socket: Socket,
): Promise<void> => {
  if (!('writes' in answer)) return void socket.write(bytesOf(answer, request));
  for (const [index, text] of answer.writes.entries()) {
    if (index > 0) await sleep(answer.pauseMs ?? 0);
    if (socket.destroyed) return;
    socket.write(text, 'latin1');
  }
  if (answer.ends === true) socket.end();
};

const bytesOf = ({ status = '200 OK', headers = [], body }: Answered, request: string): Buffer => {
  const content = body ?? Buffer.alloc(0);
  const lines = [
    `HTTP/1.1 ${status}`,
    ...headers.map((header) => header.join(': ')),
    `Content-Length: ${content.length}`,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return request.startsWith('HEAD ') ? head : Buffer.concat([head, content]);
};
