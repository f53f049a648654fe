import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contract } from '../../../handler/src/contract.ts';
import { createMatcher } from '../../../handler/src/pipeline/match.ts';
import { byTarget } from '../../../handler/src/upstreams/split/routes-by-target.ts';
import { createMockResponses, type MockResponse } from './mock-response.ts';
import type { Sampler } from './sample-schema.ts';

export interface MockUpstreams {
  /** Serves the upstreams of this contract from now on. */
  serve(
    contract: Pick<Contract, 'routes' | 'upstreams' | 'segmentTemplate'>,
    document: object,
  ): void;
  url(upstream: string): URL;
  close(): void;
}

type Respond = (request: {
  readonly method: string;
  readonly segments: readonly string[];
  readonly accept: string | undefined;
  readonly prefer: string | undefined;
}) => Promise<MockResponse>;

/**
 * Stands for all upstreams that have no URL, each under a path of its own name, on any free port of 127.0.0.1 unless one
 * is wanted. It responds to what the gateway sends,
 * so that everything between them is as with a real upstream.
 */
export const startMockUpstreams = async (wantedPort = 0): Promise<MockUpstreams> => {
  let upstreams: ReadonlyMap<string, Respond> = new Map();
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    const [path = ''] = (request.url ?? '').split('?', 1);
    const [, upstream = '', ...segments] = path.split('/').map(decodeURIComponent);
    const { accept, prefer } = request.headers;
    const wishes = { accept, prefer: [prefer].flat().join() };
    const respond = upstreams.get(upstream) ?? notFound;
    respond({ method: request.method ?? '', segments, ...wishes })
      .then(({ statusCode, headers, body }) => {
        response.writeHead(statusCode, headers).end(statusCode === 204 ? undefined : body);
      })
      .catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
      });
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    serve: (contract, document) => {
      const names = Object.keys(contract.upstreams);
      const responses = createMockResponses(document, lazySampler(document));
      upstreams = new Map(
        names.map((name) => [name, upstreamOf(name, contract, document, responses)]),
      );
    },
    url: (upstream) => mockUrl(port, upstream),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export const mockUrl = (port: number, upstream: string): URL =>
  new URL(`http://127.0.0.1:${port}/${encodeURIComponent(upstream)}`);

/** Loaded when the first response needs it: many documents have examples. */
const lazySampler = (document: object): (() => Promise<Sampler>) => {
  let sampler: Promise<Sampler> | undefined;
  return () =>
    (sampler ??= import('./sample-schema.ts').then(({ createSampler }) => createSampler(document)));
};

const notFound: Respond = async () => ({
  statusCode: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'The contract has no operation at this path of the upstream.',
});

const upstreamOf = (
  name: string,
  { routes, segmentTemplate }: Pick<Contract, 'routes' | 'segmentTemplate'>,
  document: object,
  responseOf: ReturnType<typeof createMockResponses>,
): Respond => {
  const match = createMatcher(
    routes
      .flatMap(byTarget)
      .flatMap((route) =>
        route.target.kind === 'http' && route.target.upstream === name
          ? [{ ...route, id: route.path, path: route.target.rewrite ?? route.path }]
          : [],
      ),
    segmentTemplate,
  );
  return async ({ method, segments, ...wishes }) => {
    const result = match(method, segments);
    if (result.kind !== 'match') return notFound({ method, segments, ...wishes });
    const { route } = result.match;
    const { paths = {} } = document as { paths?: Record<string, Record<string, unknown>> };
    const item = paths[route.id.replace('+}', '}')];
    return responseOf(item?.[route.method.toLowerCase()], wishes);
  };
};
