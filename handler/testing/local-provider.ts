import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalProvider {
  readonly url: string;
  /** Of the requests so far. */
  readonly paths: readonly string[];
  respond: RequestListener;
  stop(): Promise<void>;
}

/** An HTTP server on loopback in place of a provider. */
export const startLocalProvider = async (respond: RequestListener): Promise<LocalProvider> => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    provider.respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const provider: LocalProvider = {
    url: `http://127.0.0.1:${port}`,
    paths,
    respond,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
};

export const respondJson =
  (value: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
