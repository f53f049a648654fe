import net, { type AddressInfo, type Socket } from 'node:net';

/** A server that records the exact bytes it receives, and responds with the given bytes. */
export interface RawUpstream {
  readonly url: URL;
  /** Each complete request, as received. */
  readonly requests: string[];
  readonly connections: () => number;
  close(): Promise<void>;
}

type Respond = (request: string, socket: Socket, index: number) => void;

export const rawUpstream = async (respond: Respond | string): Promise<RawUpstream> => {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let pending = '';
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let whole = firstRequest(pending); whole !== undefined; whole = firstRequest(pending)) {
        pending = pending.slice(whole.length);
        requests.push(whole);
        if (typeof respond === 'string') socket.write(respond, 'latin1');
        else respond(whole, socket, requests.length - 1);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

/** The gateway sends bodies with a content-length, never chunked. */
const firstRequest = (text: string): string | undefined => {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  const whole = text.slice(0, end + 4 + length);
  return whole.length === end + 4 + length ? whole : undefined;
};

/** A complete response with a content-length. */
export const responseOf = (status: string, body = '', headers: readonly string[] = []): string =>
  [`HTTP/1.1 ${status}`, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n');
