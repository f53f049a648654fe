import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawUpstream } from '../raw-upstream.ts';
import { type UpstreamResponse, plainResponse, type RawResponse } from './fidelity-case.ts';

/** A service that records the exact bytes it receives and responds with the exact bytes of a case. */
export interface RecordingService {
  readonly url: URL;
  /** What came while `act` ran. */
  during<T>(
    response: UpstreamResponse | RawResponse | undefined,
    act: () => Promise<T>,
  ): Promise<{ readonly received: readonly string[]; readonly result: T }>;
  close(): Promise<void>;
}

export const startRecordingService = async (): Promise<RecordingService> => {
  let response: UpstreamResponse | RawResponse = plainResponse;
  const upstream = await rawUpstream((request, socket) => void play(response, request, socket));
  return {
    url: upstream.url,
    during: async (wanted, act) => {
      response = wanted ?? plainResponse;
      upstream.requests.length = 0;
      const result = await act();
      return { received: upstream.requests.splice(0), result };
    },
    close: () => upstream.close(),
  };
};

const play = async (
  response: UpstreamResponse | RawResponse,
  request: string,
  socket: Socket,
): Promise<void> => {
  if (!('writes' in response)) return void socket.write(bytesOf(response, request));
  for (const [index, text] of response.writes.entries()) {
    if (index > 0) await sleep(response.pauseMs ?? 0);
    if (socket.destroyed) return;
    socket.write(text, 'latin1');
  }
  if (response.ends === true) socket.end();
};

const bytesOf = (
  { status = '200 OK', headers = [], body }: UpstreamResponse,
  request: string,
): Buffer => {
  const content = body ?? Buffer.alloc(0);
  const lines = [
    `HTTP/1.1 ${status}`,
    ...headers.map((header) => header.join(': ')),
    `Content-Length: ${content.length}`,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return request.startsWith('HEAD ') ? head : Buffer.concat([head, content]);
};
