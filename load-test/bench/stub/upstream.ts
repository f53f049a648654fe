import { createServer, type Server, type ServerResponse } from 'node:http';
import { binaryOf, jsonOf, receiptOf } from './bodies.ts';

export interface UpstreamStub {
  readonly server: Server;
  /** Connections accepted since the last report: as many as there are processes, where keep-alive works. */
  readonly takeConnections: () => number;
}

/**
 * A service with the response size of the path's last segment: `t1024` is 1,024 bytes of JSON, `b1024` 1,024 bytes that
 * are not text. The response to a PUT is a receipt for its body.
 */
export const createUpstreamStub = (): UpstreamStub => {
  const bodies = new Map<string, Buffer>();
  let connections = 0;

  const bodyOf = (name: string): Buffer | undefined => {
    const [, kind, size] = /\/([tb])(\d{1,8})$/.exec(name) ?? [];
    if (!kind || !size) return undefined;
    const known = bodies.get(name);
    if (known) return known;
    const body = kind === 't' ? jsonOf(Number(size)) : binaryOf(Number(size));
    bodies.set(name, body);
    return body;
  };

  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const received: Buffer[] = [];
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.on('end', () => {
      if (request.method === 'PUT')
        return respond(response, 201, json, receiptOf(Buffer.concat(received)));
      const path = request.url ?? '';
      const body = bodyOf(path);
      if (!body) return respond(response, 404, json, '{"message":"no such size"}');
      return respond(response, 200, /\/t\d+$/.test(path) ? json : binary, body);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });

  const takeConnections = (): number => {
    const before = connections;
    connections = 0;
    return before;
  };
  return { server, takeConnections };
};

const json = 'application/json';
const binary = 'application/octet-stream';

const respond = (
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer | string,
): void => {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
};
